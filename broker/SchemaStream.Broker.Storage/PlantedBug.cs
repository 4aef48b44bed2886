namespace SchemaStream.Broker.Storage;

/// <summary>
/// Faults that the simulator must find, to prove that it can. In what ships they are constants, and the compiler takes
/// every line that they guard away; only the simulation's own build of these sources can turn one on.
/// </summary>
internal static class PlantedBug
{
#if PLANTED_BUGS
    /// <summary>A truncated log still knows the producers' sequences of what was cut off.</summary>
    [ThreadStatic]
    public static bool KeepProducersOfTruncatedBatches;
#else
    public const bool KeepProducersOfTruncatedBatches = false;
#endif
}
