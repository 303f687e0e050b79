// Placeholder until the first file of HDL lands.
