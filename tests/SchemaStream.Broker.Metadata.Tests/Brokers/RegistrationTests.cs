using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Brokers;

public sealed class RegistrationTests
{
    private static readonly KeyValuePair<string, string?> MinTwo = new("min.insync.replicas", "2");

    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Register_FromTheSameDirectory_IsAcceptedAtOnce_ForTheFormerProcessMustBeDead() =>
        _cluster.Submit(ControllerDriver.Registration(1)).ErrorCode.ShouldBe(ErrorCode.None);

    [Fact]
    public void Register_FromAnotherDirectory_WaitsForTheSessionToEnd()
    {
        var other = ControllerDriver.Registration(1) with { DirectoryId = Guid.NewGuid() };
        _cluster.Submit(other).ErrorCode.ShouldBe(ErrorCode.DuplicateBrokerRegistration);
        _cluster.NowMs += 8_999;
        _cluster.Submit(other).ErrorCode.ShouldBe(ErrorCode.DuplicateBrokerRegistration);
        _cluster.NowMs += 1;
        _cluster.Submit(other).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Register_AfterTheFormerProcessLeft_NeedsNoWaiting()
    {
        _cluster.Heartbeat(1, wantShutDown: true).ShouldShutDown.ShouldBeTrue();
        _cluster.Submit(ControllerDriver.Registration(1) with { DirectoryId = Guid.NewGuid() }).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Register_AfterACleanStop_StaysEligible()
    {
        _cluster.Create("a", [1, 2, 3], MinTwo);
        _cluster.Fence(2);
        _cluster.Fence(3);
        _cluster.State("a").ShouldBe("1 [1] elr[3] last[]", "2 left while there were enough");
        _cluster.Submit(ControllerDriver.Registration(3));
        _cluster.State("a").ShouldBe("1 [1] elr[3] last[]");
        _cluster.Heartbeat(3);
        _cluster.Fence(1);
        _cluster.State("a").ShouldBe("3 [3] elr[1] last[]");
    }

    [Fact]
    public void Register_AfterAKill_IsInNoIsrAndNoElr()
    {
        _cluster.Create("a", [1, 2, 3], MinTwo);
        _cluster.Fence(2);
        _cluster.KillAndRegister(3);
        _cluster.State("a").ShouldBe("1 [1] elr[] last[]", "3 may have lost what it once had");
        _cluster.Heartbeat(3);
        _cluster.Fence(1);
        _cluster.State("a").ShouldBe("-1 [] elr[1] last[1]");
    }

    [Fact]
    public void Kill_OfAll_LeavesTheLastLeaderAsLastResort()
    {
        _cluster.Create("a", [1, 2, 3], MinTwo);
        for (var broker = 1; broker <= 3; broker++)
        {
            _cluster.Fence(broker);
        }

        _cluster.State("a").ShouldBe("-1 [] elr[2,3] last[3]");
        for (var broker = 1; broker <= 3; broker++)
        {
            _cluster.KillAndRegister(broker);
        }

        _cluster.State("a").ShouldBe("-1 [] elr[] last[3]");
        _cluster.Heartbeat(1);
        _cluster.Heartbeat(2);
        _cluster.Partition("a").HasLeader.ShouldBeFalse("3 was the last to lead");
        _cluster.Heartbeat(3);
        _cluster.State("a").ShouldBe("3 [3] elr[] last[]");
    }

    [Fact]
    public void Kill_OfALoneBroker_BringsItBackAsTheLastKnownLeader()
    {
        var lone = ControllerDriver.WithBrokers(1);
        lone.Create("a", [1]);
        lone.KillAndRegister(1);
        lone.State("a").ShouldBe("-1 [] elr[] last[1]");
        lone.Heartbeat(1);
        lone.State("a").ShouldBe("1 [1] elr[] last[]");
        lone.Partition("a").LeaderEpoch.ShouldBe(2);
    }

    [Fact]
    public void Register_OnAnotherDisk_IsNotEvenTheLastResort()
    {
        _cluster.Create("a", [1, 2]);
        _cluster.Fence(2);
        _cluster.Fence(1);
        _cluster.State("a").ShouldBe("-1 [] elr[1] last[1]");
        _cluster.Submit(ControllerDriver.Registration(1) with { DirectoryId = Guid.NewGuid() });
        _cluster.State("a").ShouldBe("-1 [] elr[] last[]");
        _cluster.Heartbeat(1);
        _cluster.Partition("a").HasLeader.ShouldBeFalse("an empty log must not become what 2 is measured by");

        var elected = _cluster.Submit(new ElectLeadersCommand(ElectionType.Unclean, [new PartitionSelector("a", 0)]));
        elected.Partitions.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.State("a").ShouldBe("1 [1] elr[] last[]");
    }

    [Fact]
    public void Register_InTheMiddleOfControlledShutdown_StaysInIt()
    {
        _cluster.Create("a", [1, 2]);
        var incarnation = _cluster.Image.Brokers[1].IncarnationId;
        _cluster.Heartbeat(1, wantShutDown: true);
        _cluster.Submit(ControllerDriver.Registration(1, "new rack", incarnation)).BrokerEpoch.ShouldBe(_cluster.Epoch(1));
        (_cluster.Image.Brokers[1].InControlledShutdown, _cluster.Image.Brokers[1].Rack).ShouldBe((true, "new rack"));
    }

    [Fact]
    public void Register_IsBounded()
    {
        var small = ControllerDriver.WithBrokers(2, new ControllerOptions { MaxBrokers = 2 });
        small.Submit(ControllerDriver.Registration(3)).ErrorCode.ShouldBe(ErrorCode.PolicyViolation);
        small.Submit(ControllerDriver.Registration(2)).ErrorCode.ShouldBe(ErrorCode.None);

        var endpoint = new BrokerEndpoint("PLAINTEXT", "host", 9092);
        var many = ControllerDriver.Registration(4) with { Endpoints = [.. Enumerable.Repeat(endpoint, 33)] };
        _cluster.Submit(many).ErrorCode.ShouldBe(ErrorCode.InvalidRegistration);
        _cluster.Submit(ControllerDriver.Registration(4, new string('r', 256))).ErrorCode.ShouldBe(ErrorCode.InvalidRegistration);
    }
}
