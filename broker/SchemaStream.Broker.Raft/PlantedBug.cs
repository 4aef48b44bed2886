namespace SchemaStream.Broker.Raft;

/// <summary>
/// Faults that the simulator must find, to prove that it can. In what ships they are constants, and the compiler takes
/// every line that they guard away; only the simulation's own build of these sources can turn one on.
/// </summary>
internal static class PlantedBug
{
#if PLANTED_BUGS
    /// <summary>A node votes for a second candidate in one epoch.</summary>
    [ThreadStatic]
    public static bool DoubleVote;

    /// <summary>A leader commits an entry of an older epoch because a majority has it.</summary>
    [ThreadStatic]
    public static bool CommitOlderEpochByCounting;

    /// <summary>Messages and acknowledgements go out before what they promise is on disk.</summary>
    [ThreadStatic]
    public static bool AcknowledgeBeforePersisting;
#else
    public const bool DoubleVote = false;
    public const bool CommitOlderEpochByCounting = false;
    public const bool AcknowledgeBeforePersisting = false;
#endif
}
