using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Topics;

public sealed class TopicConfigEffectsTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void MinIsr_ThatShrinks_EmptiesTheElrWhereRecordsCanBeCommittedWithoutIt()
    {
        _cluster.Create("a", [1, 2, 3], new KeyValuePair<string, string?>("min.insync.replicas", "3"));
        _cluster.Propose("a", [1]);
        _cluster.State("a").ShouldBe("1 [1] elr[2,3] last[]");
        _cluster.Configure("a", "min.insync.replicas", "2");
        _cluster.State("a").ShouldBe("1 [1] elr[2,3] last[]", "still nothing can be committed");
        _cluster.Configure("a", "min.insync.replicas", null);
        _cluster.State("a").ShouldBe("1 [1] elr[] last[]");
    }

    [Fact]
    public void MinIsr_ThatShrinks_LeavesTheElrOfAPartitionThatCommitsNothing()
    {
        _cluster.Create("a", [1, 2, 3], new KeyValuePair<string, string?>("min.insync.replicas", "2"));
        _cluster.Propose("a", [1]);
        _cluster.Fence(3);
        _cluster.Fence(2);
        _cluster.Fence(1);
        _cluster.Configure("a", "min.insync.replicas", "1");
        _cluster.State("a").ShouldBe("-1 [] elr[1,2,3] last[1]");
    }

    [Fact]
    public void MinIsr_ThatGrows_TakesNoProposalOfALeaderThatDoesNotKnow()
    {
        _cluster.Create("a", [1, 2, 3]);
        var stale = _cluster.Partition("a").PartitionEpoch;
        _cluster.Configure("a", "min.insync.replicas", "2");
        _cluster.Propose("a", [1], proposal => proposal with { PartitionEpoch = stale }).ErrorCode.ShouldBe(ErrorCode.InvalidUpdateVersion);
        _cluster.Propose("a", [1]).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.State("a").ShouldBe("1 [1] elr[2,3] last[]");
        _cluster.Partition("a").LeaderEpoch.ShouldBe(0);
    }

    [Fact]
    public void UncleanElections_ThatAreAllowed_ElectAtOnce()
    {
        _cluster.Create("a", [1, 2]);
        _cluster.Propose("a", [1]);
        _cluster.Fence(1);
        _cluster.Partition("a").HasLeader.ShouldBeFalse();
        _cluster.Configure("a", "unclean.leader.election.enable", "true");
        _cluster.State("a").ShouldBe("2 [2] elr[] last[]");
    }

    [Fact]
    public void UncleanElections_HappenOnlyWhereTheTopicAllowsThem()
    {
        var allowed = new KeyValuePair<string, string?>("unclean.leader.election.enable", "true");
        _cluster.Create("a", [1, 2], allowed);
        _cluster.Create("b", [1, 2]);
        _cluster.Propose("a", [1]);
        _cluster.Propose("b", [1]);
        _cluster.Fence(1);
        _cluster.Partition("a").Leader.ShouldBe(2);
        _cluster.Partition("b").HasLeader.ShouldBeFalse();
    }

    [Fact]
    public void OtherConfigs_LeavePartitionsAlone()
    {
        _cluster.Create("a", [1, 2]);
        _cluster.Configure("a", "retention.ms", "5");
        _cluster.Configure("a", "leader.replication.throttled.replicas", "0:1,0:2").ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Partition("a").PartitionEpoch.ShouldBe(0);
    }

    [Fact]
    public void InternalTopics_DoNotGrow()
    {
        _cluster.Create("__consumer_offsets", [1]);
        _cluster.Submit(new Metadata.Commands.CreatePartitionsCommand([new Metadata.Commands.PartitionGrowth("__consumer_offsets", 2)]))
            .Topics.Single().ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
    }
}
