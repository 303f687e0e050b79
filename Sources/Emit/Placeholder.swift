// Placeholder until the first file of Emit lands.
