// Does nothing under the name of a firewall tool.
int main(void) { return 0; }
