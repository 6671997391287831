from target import *
