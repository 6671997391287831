import pytest
import target

NAMES = """
second_answer early_answers bool_number float_number huge_number callback_out_of_turn unknown_object unknown_operation
import_there find_there module_there function_there class_there nameless not_mine no_class odd_class garbage too_long half
no_message no_news returned no_error error_class odd_error closed
""".split()


@pytest.mark.parametrize("name", NAMES)
def test_wrong(name):
    value = getattr(target, name)()
    assert target.second_answer() == 4, value
