namespace SchemaStream.Simulation.Seeds;

/// <summary>Something that must hold, whatever happens, does not.</summary>
internal sealed class BrokenPromiseException(string promise) : Exception(promise);
