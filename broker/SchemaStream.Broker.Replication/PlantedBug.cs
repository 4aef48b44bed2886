namespace SchemaStream.Broker.Replication;

/// <summary>
/// Faults that the simulator must find, to prove that it can. In what ships they are constants, and the compiler takes
/// every line that they guard away; only the simulation's own build of these sources can turn one on.
/// </summary>
internal static class PlantedBug
{
#if PLANTED_BUGS
    /// <summary>The high watermark does not wait for every member of the ISR.</summary>
    [ThreadStatic]
    public static bool AdvanceWithoutWholeIsr;

    /// <summary>A follower cuts its log back to its high watermark, not to where its and the leader's epochs part.</summary>
    [ThreadStatic]
    public static bool TruncateToHighWatermark;
#else
    public const bool AdvanceWithoutWholeIsr = false;
    public const bool TruncateToHighWatermark = false;
#endif
}
