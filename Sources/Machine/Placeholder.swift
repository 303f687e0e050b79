// Placeholder until the first file of Machine lands.
