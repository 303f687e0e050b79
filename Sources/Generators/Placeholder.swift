// Placeholder until the first file of Generators lands.
