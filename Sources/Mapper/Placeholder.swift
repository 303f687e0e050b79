// Placeholder until the first file of Mapper lands.
