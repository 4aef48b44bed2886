using SchemaStream.Simulation.Schedules;
using static SchemaStream.Simulation.Cluster.Disturbance;

namespace SchemaStream.Simulation.Cluster;

/// <summary>The storms that clusters go through.</summary>
internal static class Storms
{
    private static readonly Disturbance[] Everything =
    [
        Crash, Crash, Crash, CrashSeveral, Isolate, Isolate, Isolate, Part, Heal, Heal, Heal, Heal,
        Stall, Stall, JumpClock, Stop, Stop, MoveController, ElectPreferred, Reassign, Reassign,
    ];

    /// <summary>Topics of every kind; in some seeds one that may elect uncleanly.</summary>
    public static Mood OfEveryKind(Schedule schedule) => new(
        new Weather(Loss: 0.02, Duplication: 0.02, Delay: 0.02, LongestDelayMs: 800),
        Peril: 0.000_02,
        DisturbEveryMs: 700,
        Everything,
        [
            new("safe", Partitions: 2, Replicas: 3, MinInSyncReplicas: 2),
            new("fast", Partitions: 1, Replicas: 3, MinInSyncReplicas: 1, MayBeUnclean: schedule.Seed % 5 == 0),
            new("pair", Partitions: 1, Replicas: 2, MinInSyncReplicas: schedule.Between(1, 2)),
            new("alone", Partitions: 1, Replicas: 1, MinInSyncReplicas: 1),
        ]);

    /// <summary>
    /// Leaders and single followers that lose sight of each other and find it again, while requests come twice and late:
    /// what was asked of the controller in one state of affairs reaches it in another.
    /// </summary>
    public static Mood OfPairs() => new(
        new Weather(Loss: 0.02, Duplication: 0.25, Delay: 0.03, LongestDelayMs: 4_000),
        Peril: 0,
        DisturbEveryMs: 250,
        [Part, Part, Part, Part, Heal, Heal, Heal, Crash, ElectPreferred, ElectPreferred],
        [new("pair", Partitions: 6, Replicas: 2, MinInSyncReplicas: 1)])
    {
        ReplicaLagTimeMaxMs = 120,
    };

    /// <summary>As that, with a network that parts those who have just come together.</summary>
    public static Mood OfPartings() => OfPairs() with
    {
        Weather = new Weather(Loss: 0.01, Duplication: 0.3, Delay: 0.01, LongestDelayMs: 2_500),
        Disturbances = [Part, Part, Heal, ElectPreferred],
        DisturbEveryMs = 1_200,
        PartsWhoJoins = true,
    };
}
