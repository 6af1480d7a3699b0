// Does nothing under a scanner's name.
int main(void) { return 0; }
