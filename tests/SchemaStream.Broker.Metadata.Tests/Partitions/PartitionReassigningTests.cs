using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Partitions;

public sealed class PartitionReassigningTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(5);

    public PartitionReassigningTests() => _cluster.Create("a", [1, 2, 3]);

    [Fact]
    public void Reassign_BringsTheNewReplicas_AndCompletesWhenTheyAreInSync()
    {
        Reassign(4, 5, 1).ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("4,5,1,2,3 +4,5 -2,3");
        (_cluster.Partition("a").Leader, _cluster.Partition("a").LeaderEpoch).ShouldBe((1, 0), "nothing is taken away yet");
        _cluster.Image.TopicsOn(4).Single().Name.ShouldBe("a");

        _cluster.Propose("a", [1, 2, 3, 4]).ErrorCode.ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("4,5,1,2,3 +4,5 -2,3");
        _cluster.Propose("a", [1, 2, 3, 4, 5]).Isr.ShouldBe([1, 4, 5], ignoreOrder: true);
        Assignment().ShouldBe("4,5,1 + -");
        _cluster.Partition("a").LeaderEpoch.ShouldBe(1);
        _cluster.Image.TopicsOn(2).ShouldBeEmpty();
    }

    [Fact]
    public void Reassign_AwayFromTheLeader_ElectsAnotherAndSendsTheOldOneToReadOfIt()
    {
        Reassign(4, 5).ShouldBe(ErrorCode.None);
        _cluster.Propose("a", [1, 2, 3, 4, 5]).ErrorCode.ShouldBe(ErrorCode.NewLeaderElected);
        _cluster.State("a").ShouldBe("4 [4,5] elr[] last[]");
        Assignment().ShouldBe("4,5 + -");
    }

    [Fact]
    public void Reassign_ToFewerReplicas_CompletesAtOnce()
    {
        Reassign(1, 2).ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("1,2 + -");
        _cluster.State("a").ShouldBe("1 [1,2] elr[] last[]");
    }

    [Fact]
    public void Reassign_ToAnotherOrder_ChangesThePreferredLeaderOnly()
    {
        Reassign(3, 2, 1).ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("3,2,1 + -");
        _cluster.Partition("a").Leader.ShouldBe(1);
    }

    [Fact]
    public void Cancel_TakesTheNewReplicasAwayAgain()
    {
        Reassign(4, 1).ShouldBe(ErrorCode.None);
        _cluster.Propose("a", [1, 3]);
        Cancel().ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("1,2,3 + -");
        _cluster.Partition("a").LeaderEpoch.ShouldBe(1, "4 must learn that it is out");
        Cancel().ShouldBe(ErrorCode.NoReassignmentInProgress);
    }

    [Fact]
    public void Change_OfTheTarget_StillGoesBackToTheBeginning()
    {
        Reassign(4, 1).ShouldBe(ErrorCode.None);
        Reassign(5, 1).ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("5,1,2,3 +5 -2,3");
        Cancel().ShouldBe(ErrorCode.None);
        Assignment().ShouldBe("1,2,3 + -");
    }

    [Fact]
    public void Cancel_ThatWouldLoseWhatWasCommitted_IsRefused()
    {
        Reassign(4, 5).ShouldBe(ErrorCode.None);
        _cluster.Propose("a", [1, 4]);
        _cluster.Fence(1);
        _cluster.State("a").ShouldBe("4 [4] elr[] last[]");
        Cancel().ShouldBe(ErrorCode.InvalidReplicaAssignment, "4 alone has all");

        _cluster.Configure("a", "unclean.leader.election.enable", "true");
        Cancel().ShouldBe(ErrorCode.None);
        _cluster.State("a").ShouldBe("2 [2] elr[] last[]");
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 1, 9 })]
    public void Reassign_ToWhatCannotBe_IsRefused(int[] target) => Reassign(target).ShouldBe(ErrorCode.InvalidReplicaAssignment);

    [Fact]
    public void Reassign_OfWhatIsNotThere_SaysSo() => Submit(new PartitionReassignment("x", 0, [1])).ShouldBe(ErrorCode.UnknownTopicOrPartition);

    [Fact]
    public void Reassign_ToAnotherFactor_IsRefusedWhereItIsNotAllowed()
    {
        var reply = _cluster.Submit(new AlterPartitionReassignmentsCommand([new PartitionReassignment("a", 0, [1, 2])])
        {
            AllowReplicationFactorChange = false,
        });
        reply.Partitions.Single().ErrorCode.ShouldBe(ErrorCode.InvalidReplicationFactor);
    }

    [Fact]
    public void Reassign_OfAPartitionTwice_IsRefusedOnce()
    {
        var reply = _cluster.Submit(new AlterPartitionReassignmentsCommand(
            [new PartitionReassignment("a", 0, [1, 2]), new PartitionReassignment("a", 0, [2, 3])]));
        reply.Partitions.Select(partition => partition.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.InvalidRequest]);
    }

    private ErrorCode Reassign(params int[] target) => Submit(new PartitionReassignment("a", 0, target));

    private ErrorCode Cancel() => Submit(new PartitionReassignment("a", 0, null));

    private ErrorCode Submit(PartitionReassignment reassignment) =>
        _cluster.Submit(new AlterPartitionReassignmentsCommand([reassignment])).Partitions.Single().ErrorCode;

    private string Assignment()
    {
        var partition = _cluster.Partition("a");
        return $"{string.Join(',', partition.Replicas)} +{string.Join(',', partition.AddingReplicas)} -{string.Join(',', partition.RemovingReplicas)}";
    }
}
