using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Brokers;

public sealed class ClusterRecoveryTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Recover_LetsTheSurvivorLeadAllThatItHolds_AndTellsWhatThatMayHaveCost()
    {
        _cluster.Create("in-sync", [1, 2, 3]);
        _cluster.Create("behind", [1, 2, 3]);
        _cluster.Propose("behind", [1, 2]);
        _cluster.Create("elsewhere", [1, 2]);
        _cluster.Create("own", [3]);

        var reply = _cluster.Submit(new RecoverClusterCommand(3));
        reply.Unclean.ShouldBe([new PartitionSelector("behind", 0)]);
        reply.Lost.ShouldBe([new PartitionSelector("elsewhere", 0)]);
        _cluster.Image.Brokers.Keys.ShouldBe([3]);
        _cluster.State("in-sync").ShouldBe("3 [3] elr[] last[]");
        _cluster.State("behind").ShouldBe("3 [3] elr[] last[]");
        _cluster.State("own").ShouldBe("3 [3] elr[] last[]");
        _cluster.State("elsewhere").ShouldBe("-1 [] elr[1,2] last[1]");
        _cluster.Partition("behind").LeaderEpoch.ShouldBe(1);
        _cluster.Partition("own").LeaderEpoch.ShouldBe(0);
    }

    [Fact]
    public void Recover_Twice_ChangesNothingMore()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Submit(new RecoverClusterCommand(3));
        var offset = _cluster.Image.Offset;
        _cluster.Submit(new RecoverClusterCommand(3)).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.Offset.ShouldBe(offset);
        _cluster.Submit(new RecoverClusterCommand(1)).ErrorCode.ShouldBe(ErrorCode.BrokerIdNotRegistered);
    }

    [Fact]
    public void Recovered_ASurvivorThatWasKilled_ServesAgain_AndTheOthersCanComeBack()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Submit(new RecoverClusterCommand(3));
        _cluster.KillAndRegister(3);
        _cluster.Heartbeat(3);
        _cluster.State("a").ShouldBe("3 [3] elr[] last[]");

        _cluster.Start(1);
        _cluster.Propose("a", [1, 3]).ErrorCode.ShouldBe(ErrorCode.None);
    }
}
