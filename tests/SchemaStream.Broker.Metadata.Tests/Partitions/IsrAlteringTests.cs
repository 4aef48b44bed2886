using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Partitions;

public sealed class IsrAlteringTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(4);

    public IsrAlteringTests() => _cluster.Create("a", [1, 2, 3]);

    [Fact]
    public void Shrink_AndExpand_ChangeThePartitionEpochOnly()
    {
        var shrunk = _cluster.Propose("a", [1, 2]);
        (shrunk.ErrorCode, shrunk.Leader, shrunk.LeaderEpoch, shrunk.PartitionEpoch).ShouldBe((ErrorCode.None, 1, 0, 1));
        shrunk.Isr.ShouldBe([1, 2]);
        var expanded = _cluster.Propose("a", [1, 2, 3]);
        (expanded.LeaderEpoch, expanded.PartitionEpoch).ShouldBe((0, 2));
        _cluster.Partition("a").Isr.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Proposal_OfWhatIs_ChangesNothing()
    {
        var offset = _cluster.Image.Offset;
        _cluster.Propose("a", [1, 2, 3]).PartitionEpoch.ShouldBe(0);
        _cluster.Image.Offset.ShouldBe(offset);
    }

    [Theory]
    [InlineData(1, 0, ErrorCode.NotController)]
    [InlineData(0, 1, ErrorCode.NotController)]
    [InlineData(-1, 0, ErrorCode.FencedLeaderEpoch)]
    [InlineData(0, -1, ErrorCode.InvalidUpdateVersion)]
    public void Proposal_InOtherEpochs_ChangesNothing(int leaderEpoch, int partitionEpoch, ErrorCode expected)
    {
        _cluster.Propose("a", [1, 2]);
        var before = _cluster.Image;
        var answer = _cluster.Propose("a", [1], proposal => proposal with
        {
            LeaderEpoch = proposal.LeaderEpoch + leaderEpoch,
            PartitionEpoch = proposal.PartitionEpoch + partitionEpoch,
        });
        answer.ErrorCode.ShouldBe(expected);
        answer.Isr.ShouldBeEmpty();
        _cluster.Image.ShouldBeSameAs(before);
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 2, 4 })]
    [InlineData(new[] { 1, 4 })]
    [InlineData(new[] { 1, 2, 2 })]
    [InlineData(new[] { 1, 2, 3, 4 })]
    public void Proposal_OfAnIsrThatCannotBe_IsInvalid(int[] isr) => _cluster.Propose("a", isr).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);

    [Fact]
    public void LeaderWhoseDiskFails_ResignsByAnIsrWithoutItself_AndIsNotReliedOn()
    {
        _cluster.Propose("a", [2, 3]).ErrorCode.ShouldBe(ErrorCode.NewLeaderElected);

        var after = _cluster.Partition("a");
        (after.Leader, after.LeaderEpoch).ShouldBe((2, 1));
        after.Isr.ShouldBe([2, 3]);
        after.Elr.ShouldBeEmpty();
    }

    [Fact]
    public void LeaderThatResigns_CannotNameWhoIsNotInSync()
    {
        _cluster.Propose("a", [1, 2]);
        _cluster.Propose("a", [3]).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public void Proposal_OfSomeoneElse_IsInvalid() =>
        _cluster.Propose("a", [1, 2], leader: 2).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);

    [Fact]
    public void Proposal_OfAFormerIncarnation_IsStale()
    {
        var proposal = new PartitionAlteration(_cluster.Image.TopicsByName["a"].TopicId, 0, 0, 0, [new IsrMember(1)]);
        _cluster.Submit(new AlterPartitionCommand(1, _cluster.Epoch(1) - 1, [proposal])).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
        _cluster.Submit(new AlterPartitionCommand(9, 0, [proposal])).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
    }

    [Fact]
    public void Proposal_ForWhatIsNotThere_SaysSo()
    {
        _cluster.Propose("a", [1], proposal => proposal with { TopicId = Guid.NewGuid() }).ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
        _cluster.Propose("a", [1], proposal => proposal with { Partition = 1 }).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public void Expand_ByABrokerThatIsFencedOrWasRestarted_IsRefused()
    {
        var seen = _cluster.Epoch(3);
        _cluster.Fence(3);
        _cluster.Propose("a", [1, 2, 3]).ErrorCode.ShouldBe(ErrorCode.IneligibleReplica);

        _cluster.Start(3);
        _cluster.Propose("a", [1, 2, 3], proposal => proposal with { NewIsr = [new(1), new(2), new(3, seen)] })
            .ErrorCode.ShouldBe(ErrorCode.IneligibleReplica, "that 3 has restarted since the leader saw it catch up");
        _cluster.Propose("a", [1, 2, 3], proposal => proposal with { NewIsr = [new(1), new(2), new(3)] }).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Expand_OnAStateBeforeAFencing_IsRefused()
    {
        _cluster.Propose("a", [1, 2]);
        var stale = _cluster.Partition("a").PartitionEpoch;
        _cluster.Fence(2);
        _cluster.Start(2);
        _cluster.Propose("a", [1, 2, 3], proposal => proposal with { PartitionEpoch = stale }).ErrorCode.ShouldBe(ErrorCode.InvalidUpdateVersion);
        _cluster.Partition("a").Isr.ShouldBe([1]);
    }

    [Fact]
    public void Proposals_OfOneRequest_BuildOnEachOther()
    {
        var topicId = _cluster.Image.TopicsByName["a"].TopicId;
        var reply = _cluster.Submit(new AlterPartitionCommand(1, _cluster.Epoch(1),
        [
            new PartitionAlteration(topicId, 0, 0, 0, [new(1), new(2)]),
            new PartitionAlteration(topicId, 0, 0, 0, [new(1)]),
            new PartitionAlteration(topicId, 0, 0, 1, [new(1)]),
        ]));
        reply.Partitions.Select(partition => partition.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.InvalidUpdateVersion, ErrorCode.None]);
        _cluster.Partition("a").Isr.ShouldBe([1]);
    }
}
