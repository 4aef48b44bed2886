using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Cluster;

/// <summary>The storms that clusters go through.</summary>
internal static class Storms
{
    /// <summary>Topics of every kind; in some seeds one that may elect uncleanly.</summary>
    public static ClusterStorm.Mood Of(Schedule schedule) => new(
        new Weather(Loss: 0.02, Duplication: 0.02, Delay: 0.02, LongestDelayMs: 800),
        Peril: 0.000_02,
        DisturbEveryMs: 700,
        [
            new("safe", Partitions: 2, Replicas: 3, MinInSyncReplicas: 2),
            new("fast", Partitions: 1, Replicas: 3, MinInSyncReplicas: 1, MayBeUnclean: schedule.Seed % 5 == 0),
            new("pair", Partitions: 1, Replicas: 2, MinInSyncReplicas: schedule.Between(1, 2)),
            new("alone", Partitions: 1, Replicas: 1, MinInSyncReplicas: 1),
        ]);
}
