// Does nothing under the name of audit's tool.
int main(void) { return 0; }
