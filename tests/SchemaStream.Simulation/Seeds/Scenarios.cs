using SchemaStream.Simulation.Cluster;
using SchemaStream.Simulation.Quorum;

namespace SchemaStream.Simulation.Seeds;

/// <summary>Every kind of world there is, by name.</summary>
internal static class Scenarios
{
    public static Scenario QuorumAlone { get; } = new(
        "quorum-1", "one voter and an observer", schedule => QuorumStorm.Run(schedule, voters: 1, observers: 1));

    public static Scenario QuorumOfThree { get; } = new(
        "quorum-3", "three voters, a storm", schedule => QuorumStorm.Run(schedule, voters: 3, observers: 0));

    public static Scenario QuorumWithObservers { get; } = new(
        "quorum-3-2", "three voters and two who may become voters", schedule => QuorumStorm.Run(schedule, voters: 3, observers: 2));

    public static Scenario QuorumOfFive { get; } = new(
        "quorum-5", "five voters and an observer, a storm", schedule => QuorumStorm.Run(schedule, voters: 5, observers: 1));

    public static Scenario ShortReigns { get; } = new(
        "reigns", "three voters whose leaders hardly get to lead", schedule => Quorum.ShortReigns.Run(schedule, voters: 3));

    public static Scenario ClusterOfThree { get; } = new(
        "cluster-3", "three nodes, topics of every kind, a storm", schedule => ClusterStorm.Run(schedule, nodes: 3, Storms.Of(schedule)));

    public static Scenario ClusterOfFive { get; } = new(
        "cluster-5", "five nodes, topics of every kind, a storm", schedule => ClusterStorm.Run(schedule, nodes: 5, Storms.Of(schedule)));

    public static IReadOnlyList<Scenario> All { get; } =
        [QuorumAlone, QuorumOfThree, QuorumWithObservers, QuorumOfFive, ShortReigns, ClusterOfThree, ClusterOfFive];

    public static Scenario? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);
}
