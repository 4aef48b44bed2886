using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Cluster;

/// <summary>What a storm is made of.</summary>
/// <param name="Weather">The network's.</param>
/// <param name="Peril">How likely the power goes at any single write, sync or send.</param>
/// <param name="DisturbEveryMs">At most so long between two disturbances.</param>
/// <param name="Disturbances">One of these is drawn each time; what stands there twice comes twice as often.</param>
/// <param name="Topics">What is written to.</param>
internal sealed record Mood(
    Weather Weather, double Peril, int DisturbEveryMs, IReadOnlyList<Disturbance> Disturbances, IReadOnlyList<Topic> Topics)
{
    public int ReplicaLagTimeMaxMs { get; init; } = 500;

    /// <summary>With <see cref="Partings"/>.</summary>
    public bool PartsWhoJoins { get; init; }
}

internal sealed record Topic(string Name, int Partitions, int Replicas, int MinInSyncReplicas, bool MayBeUnclean = false);

/// <summary>What can happen to a node or to the network.</summary>
internal enum Disturbance
{
    Crash,
    CrashSeveral,

    /// <summary>From all others, one way or both.</summary>
    Isolate,

    /// <summary>From one other.</summary>
    Part,
    Heal,

    /// <summary>Its disk is slow: it does nothing for a while.</summary>
    Stall,
    JumpClock,

    /// <summary>Controlled shutdown.</summary>
    Stop,
    MoveController,
    ElectPreferred,
    Reassign,
}
