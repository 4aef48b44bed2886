using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Brokers;

public sealed class HeartbeatTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Heartbeat_OfABrokerThatHasNotCaughtUp_LeavesItFenced()
    {
        var epoch = _cluster.Submit(ControllerDriver.Registration(4)).BrokerEpoch;
        var behind = _cluster.Heartbeat(4, metadataOffset: epoch - 1);
        (behind.IsCaughtUp, behind.IsFenced).ShouldBe((false, true));

        _cluster.Heartbeat(4, wantFence: true).IsFenced.ShouldBeTrue("it does not want to serve yet");
        var there = _cluster.Heartbeat(4, metadataOffset: epoch);
        (there.IsCaughtUp, there.IsFenced).ShouldBe((true, false));
    }

    [Fact]
    public void Heartbeat_OfAFormerIncarnation_IsStale()
    {
        var old = _cluster.Epoch(1);
        _cluster.KillAndRegister(1);
        _cluster.Submit(new BrokerHeartbeatCommand(1, old, 100, false, false)).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
    }

    [Fact]
    public void Silence_ForTheSessionTimeout_FencesTheBrokerAndMovesItsLeaders()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Tick(4_000).ShouldBe(0);
        Beat(2, 3);
        _cluster.Tick(4_000).ShouldBe(0);
        Beat(2, 3);
        _cluster.Tick(999).ShouldBe(0);
        _cluster.Tick(1).ShouldBe(1);

        _cluster.Image.Brokers[1].Fenced.ShouldBeTrue();
        _cluster.State("a").ShouldBe("2 [2,3] elr[] last[]");
        _cluster.Tick().ShouldBe(0, "it is fenced once");

        Beat(1);
        _cluster.Image.Brokers[1].Fenced.ShouldBeFalse("it is heard of again");
    }

    [Fact]
    public void Silence_OfSeveral_LetsNoneOfThemInheritAnything()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Tick(4_000);
        _cluster.Tick(4_000);
        Beat(3);
        _cluster.Tick(1_000).ShouldBe(2);
        _cluster.Partition("a").Leader.ShouldBe(3);
        _cluster.Partition("a").LeaderEpoch.ShouldBe(1, "2 was never asked to lead");
    }

    [Fact]
    public void Silence_ThatTheControllerCouldNotHear_IsForgiven()
    {
        _cluster.Tick(60_000).ShouldBe(0, "the controller itself slept");
        _cluster.Tick(4_500);
        _cluster.Tick(4_499).ShouldBe(0);
        _cluster.Tick(1).ShouldBe(3);
    }

    [Fact]
    public void FailOver_GivesEveryBrokerAFreshSession()
    {
        _cluster.Tick(4_000);
        _cluster.Tick(4_000);
        _cluster.FailOver();
        _cluster.Tick(4_000).ShouldBe(0);
        _cluster.Tick(4_000).ShouldBe(0);
        _cluster.Tick(1_000).ShouldBe(3);
    }

    [Fact]
    public void ControlledShutdown_MovesLeadersFirst_AndLetsGoWhenEveryoneKnows()
    {
        _cluster.Create("a", [1, 2, 3]);
        var first = _cluster.Heartbeat(1, wantShutDown: true);
        (first.IsFenced, first.ShouldShutDown).ShouldBe((false, false), "clients that do not know yet still get answers from it");
        _cluster.Image.Brokers[1].InControlledShutdown.ShouldBeTrue();
        _cluster.Image.IsLive(1).ShouldBeTrue();
        _cluster.Image.IsActive(1).ShouldBeFalse();
        _cluster.State("a").ShouldBe("2 [2,3] elr[] last[]");

        var moved = _cluster.Image.Offset;
        _cluster.Heartbeat(2, metadataOffset: moved - 1);
        _cluster.Heartbeat(3, metadataOffset: moved);
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeFalse("2 may still send clients to it");
        _cluster.Heartbeat(2, metadataOffset: moved);
        var last = _cluster.Heartbeat(1, wantShutDown: true);
        (last.IsFenced, last.ShouldShutDown).ShouldBe((true, true));
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeTrue("it asks again if the reply was lost");
    }

    [Fact]
    public void ControlledShutdown_OfABrokerThatLeadsNothing_IsImmediate()
    {
        _cluster.Create("a", [2, 3, 1]);
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeTrue();
        _cluster.State("a").ShouldBe("2 [2,3] elr[] last[]");
    }

    [Fact]
    public void ControlledShutdown_OfTheLastReplica_IsRememberedAndComesBackCleanly()
    {
        _cluster.Create("a", [1]);
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeFalse();
        _cluster.State("a").ShouldBe("-1 [] elr[1] last[1]");
        _cluster.Heartbeat(2);
        _cluster.Heartbeat(3);
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeTrue();

        _cluster.Start(1);
        _cluster.State("a").ShouldBe("1 [1] elr[] last[]");
    }

    [Fact]
    public void ControlledShutdown_KeepsTheBrokerOutOfEverythingNew()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Heartbeat(1, wantShutDown: true);
        _cluster.Propose("a", [2, 3, 1]).ErrorCode.ShouldBe(ErrorCode.IneligibleReplica);
        _cluster.Create(new NewTopic("b") { PartitionCount = 4, ReplicationFactor = 2 });
        _cluster.Image.TopicsByName["b"].Partitions.ShouldAllBe(partition => !partition.Replicas.Contains(1));
        _cluster.Submit(new ElectLeadersCommand(ElectionType.Preferred, [new PartitionSelector("a", 0)])).Partitions.Single()
            .ErrorCode.ShouldBe(ErrorCode.PreferredLeaderNotAvailable);
    }

    [Fact]
    public void Decisions_WithoutRoom_AreFinishedByTheTick()
    {
        var cluster = ControllerDriver.WithBrokers(3, new ControllerOptions { MaxRecordsPerDecision = 4 });
        cluster.Create(new NewTopic("a") { Assignments = [.. Enumerable.Range(0, 10).Select(index => new PartitionAssignment(index, [1, 2]))] });
        cluster.Fence(1);
        Led(cluster).ShouldBe([1, 2]);
        cluster.Heartbeat(1, wantFence: false).IsFenced.ShouldBeTrue("what it led in its former life is not settled yet");
        cluster.Tick().ShouldBeGreaterThan(1);
        Led(cluster).ShouldBe([2]);

        cluster.Heartbeat(1).IsFenced.ShouldBeFalse();
        cluster.Fence(2);
        cluster.FailOver();
        cluster.Tick();
        Led(cluster).ShouldBe([PartitionRegistration.NoLeader], "1 is not in sync, and the next controller knows what is left to do");
    }

    [Fact]
    public void Registration_WithoutRoom_IsRefusedUntilAllIsSettled()
    {
        var cluster = ControllerDriver.WithBrokers(3, new ControllerOptions { MaxRecordsPerDecision = 4 });
        cluster.Create(new NewTopic("a") { Assignments = [.. Enumerable.Range(0, 10).Select(index => new PartitionAssignment(index, [1, 2]))] });
        var attempts = 0;
        while (cluster.Submit(ControllerDriver.Registration(1) with { PreviousShutdownWasClean = false }).ErrorCode == ErrorCode.RequestTimedOut)
        {
            cluster.Image.Brokers[1].Fenced.ShouldBeTrue();
            (++attempts).ShouldBeLessThan(10);
        }

        attempts.ShouldBeGreaterThan(1);
        cluster.Image.TopicsByName["a"].Partitions.ShouldAllBe(partition => partition.Leader == 2 && partition.Isr.Length == 1 && partition.Elr.IsEmpty);
    }

    private static IEnumerable<int> Led(ControllerDriver cluster) =>
        cluster.Image.TopicsByName["a"].Partitions.Select(partition => partition.Leader).Distinct().Order();

    private void Beat(params int[] brokers)
    {
        foreach (var broker in brokers)
        {
            _cluster.Heartbeat(broker);
        }
    }
}
