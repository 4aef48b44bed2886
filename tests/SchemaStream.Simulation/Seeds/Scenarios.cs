using SchemaStream.Simulation.Cluster;
using SchemaStream.Simulation.Quorum;

namespace SchemaStream.Simulation.Seeds;

/// <summary>Every kind of world there is, by name.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("quorum-1", "one voter and an observer", 60, 400, schedule => QuorumStorm.Run(schedule, voters: 1, observers: 1)),
        new("quorum-3", "three voters, a storm", 120, 200, schedule => QuorumStorm.Run(schedule, voters: 3, observers: 0)),
        new("quorum-3-2", "three voters and two who may become voters", 60, 200, schedule => QuorumStorm.Run(schedule, voters: 3, observers: 2)),
        new("quorum-5", "five voters and an observer, a storm", 60, 200, schedule => QuorumStorm.Run(schedule, voters: 5, observers: 1)),
        new("reigns", "three voters whose leaders hardly get to lead", 120, 20, schedule => ShortReigns.Run(schedule, voters: 3)),
        new("cluster-3", "three nodes, topics of every kind, a storm", 80, 500, schedule => ClusterStorm.Run(schedule, nodes: 3, Storms.OfEveryKind(schedule))),
        new("cluster-5", "five nodes, topics of every kind, a storm", 30, 500, schedule => ClusterStorm.Run(schedule, nodes: 5, Storms.OfEveryKind(schedule))),
        new("pairs", "partitions of two replicas that lose sight of each other", 50, 500, schedule => ClusterStorm.Run(schedule, nodes: 3, Storms.OfPairs())),
        new("partings", "a follower that has come into the ISR loses sight of its leader", 30, 500, schedule => ClusterStorm.Run(schedule, nodes: 5, Storms.OfPartings())),
    ];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
