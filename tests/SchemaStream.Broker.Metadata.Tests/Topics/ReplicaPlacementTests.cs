using SchemaStream.Broker.Metadata.Topics;

namespace SchemaStream.Broker.Metadata.Tests.Topics;

public sealed class ReplicaPlacementTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(6, 3)]
    [InlineData(7, 2)]
    public void Place_SpreadsLeadersAndReplicasEvenly(int brokers, int racks)
    {
        var factor = Math.Min(brokers, 3);
        var placed = ReplicaPlacement.Place(Brokers(brokers, racks), brokers * 12, factor, start: 2);

        placed.ShouldAllBe(replicas => replicas.Distinct().Count() == factor);
        placed.GroupBy(replicas => replicas[0]).Select(group => group.Count()).ShouldAllBe(count => count == 12);
        if (brokers % racks == 0)
        {
            placed.SelectMany(replicas => replicas).GroupBy(id => id).Select(group => group.Count()).ShouldAllBe(count => count == 12 * factor);
        }
    }

    [Fact]
    public void Place_PutsReplicasInDifferentRacks_BeforeARackGetsASecond()
    {
        var brokers = Brokers(6, 3);
        foreach (var replicas in ReplicaPlacement.Place(brokers, 60, 3, start: 5))
        {
            replicas.Select(id => brokers[id - 1].Rack).Distinct().Count().ShouldBe(3);
        }

        foreach (var replicas in ReplicaPlacement.Place(brokers, 60, 4, start: 0))
        {
            replicas.Select(id => brokers[id - 1].Rack).Distinct().Count().ShouldBe(3);
        }
    }

    [Fact]
    public void Place_InRacksOfDifferentSize_StillFindsRoom()
    {
        PlacementBroker[] brokers = [new(1, "a"), new(2, "a"), new(3, "a"), new(4, "b")];
        foreach (var replicas in ReplicaPlacement.Place(brokers, 20, 3, start: 1))
        {
            replicas.ShouldContain(4, "one replica must stand in the other rack");
            replicas.Distinct().Count().ShouldBe(3);
        }
    }

    [Fact]
    public void Place_BeginsWhereItIsTold()
    {
        ReplicaPlacement.Place(Brokers(3, 1), 4, 1, start: 0).Select(replicas => replicas[0]).ShouldBe([1, 2, 3, 1]);
        ReplicaPlacement.Place(Brokers(3, 1), 4, 1, start: 2).Select(replicas => replicas[0]).ShouldBe([3, 1, 2, 3]);
    }

    [Fact]
    public void Place_TakesBrokersThatCannotBeCountedOn_LastAndInOtherRacks()
    {
        PlacementBroker[] active = [new(1, "a"), new(2, "b")];
        PlacementBroker[] others = [new(3, "a"), new(4, "c")];
        ReplicaPlacement.Place(active, others, 10, 2, start: 0).ShouldAllBe(replicas => replicas.All(id => id <= 2));
        ReplicaPlacement.Place(active, others, 10, 3, start: 0).ShouldAllBe(replicas => replicas[0] <= 2 && replicas[1] <= 2 && replicas[2] == 4);
        ReplicaPlacement.Place(active, others, 10, 4, start: 0).ShouldAllBe(replicas => replicas.Distinct().Count() == 4);
    }

    private static PlacementBroker[] Brokers(int count, int racks) =>
        [.. Enumerable.Range(1, count).Select(id => new PlacementBroker(id, racks == 1 ? null : $"rack{(id - 1) % racks}"))];
}
