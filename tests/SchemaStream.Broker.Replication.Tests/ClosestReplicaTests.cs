namespace SchemaStream.Broker.Replication.Tests;

/// <summary>KIP-392: consumers read from the replica next to them.</summary>
public sealed class ClosestReplicaTests : IReplicaLocations
{
    private readonly ReplicaSet _set = ReplicaSet.Led(1, 1, 2, 3);
    private readonly Dictionary<int, string> _racks = new() { [1] = "a", [2] = "b", [3] = "b" };

    public ClosestReplicaTests()
    {
        _set.Append(1, "x");
        _set.Append(1, "y");
        _set.CatchUp(2, 3);
    }

    public string? RackOf(int brokerId) => _racks.GetValueOrDefault(brokerId);

    [Fact]
    public void TheLeader_ServesItsOwnRack_AndWhoHasNone()
    {
        Select("a", 0).ShouldBe(-1);
        Select("c", 0).ShouldBe(-1);
        Select(null, 0).ShouldBe(-1);
        Select("", 0).ShouldBe(-1);
    }

    [Fact]
    public void AReplicaInTheClientsRack_IsChosen_TheOneFurthestAlong()
    {
        _set.Append(1, "z");
        _set.Take(3, _set.Ask(3, 1));
        _set.Ask(3, 1);

        Select("b", 0).ShouldBe(3);
        Select("b", 3).ShouldBe(3);
        Select("b", 4).ShouldBe(-1, "no one has it");
    }

    [Fact]
    public void WhoIsNotInSync_OrNotThere_IsNotChosen()
    {
        _set.Elect(1, 1, 2);
        _set.CatchUp(2, 3);
        _racks.Remove(2);

        Select("b", 0).ShouldBe(-1);
    }

    [Fact]
    public void WhoHasDeletedTheOffset_IsNotChosen()
    {
        _set[1].DeleteRecordsBefore(1);
        _set.CatchUp(2, 3);

        Select("b", 0).ShouldBe(-1);
        Select("b", 1).ShouldBe(2);
    }

    [Fact]
    public void AFollower_SendsNoOneAnywhere() => _set[2].SelectReadReplica("a", 0, this).ShouldBe(-1);

    private int Select(string? rack, long offset) => _set[1].SelectReadReplica(rack, offset, this);
}
