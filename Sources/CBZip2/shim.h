// bzlib.h leaves it to its users.
#include <stdio.h>
#include <bzlib.h>
