namespace SchemaStream.Broker.Metadata;

/// <summary>
/// Faults that the simulator must find, to prove that it can. In what ships they are constants, and the compiler takes
/// every line that they guard away; only the simulation's own build of these sources can turn one on.
/// </summary>
internal static class PlantedBug
{
#if PLANTED_BUGS
    /// <summary>A leader's change of the ISR counts though the partition has changed since it was asked for.</summary>
    [ThreadStatic]
    public static bool AcceptStaleAlterPartition;

    /// <summary>Any live replica may be elected, whether it has what was acknowledged or not.</summary>
    [ThreadStatic]
    public static bool ElectOutsideIsr;
#else
    public const bool AcceptStaleAlterPartition = false;
    public const bool ElectOutsideIsr = false;
#endif
}
