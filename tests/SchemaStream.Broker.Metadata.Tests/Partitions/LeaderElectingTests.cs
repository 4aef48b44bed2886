using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Partitions;

public sealed class LeaderElectingTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3, new ControllerOptions { LeaderImbalancePerBrokerPercentage = 50 });

    [Fact]
    public void Preferred_GivesThePartitionBack()
    {
        Away("a");
        Elect(ElectionType.Preferred, "a").ShouldBe(ErrorCode.None);
        (_cluster.Partition("a").Leader, _cluster.Partition("a").LeaderEpoch).ShouldBe((1, 2));
        Elect(ElectionType.Preferred, "a").ShouldBe(ErrorCode.ElectionNotNeeded);
    }

    [Fact]
    public void Preferred_OfAReplicaThatIsNotInSync_IsNotAvailable()
    {
        _cluster.Create("a", [1, 2, 3]);
        _cluster.Fence(1);
        _cluster.Start(1);
        Elect(ElectionType.Preferred, "a").ShouldBe(ErrorCode.PreferredLeaderNotAvailable);
    }

    [Fact]
    public void Unclean_TakesWhoeverLives_ButOnlyWhereThereIsNoLeader()
    {
        _cluster.Create("a", [1, 2, 3]);
        Elect(ElectionType.Unclean, "a").ShouldBe(ErrorCode.ElectionNotNeeded);
        _cluster.Propose("a", [1]);
        _cluster.Fence(1);
        _cluster.State("a").ShouldBe("-1 [] elr[1] last[1]");
        Elect(ElectionType.Unclean, "a").ShouldBe(ErrorCode.None);
        _cluster.State("a").ShouldBe("2 [2] elr[] last[]");
    }

    [Fact]
    public void Unclean_WhereNoReplicaLives_HasNoOneToElect()
    {
        _cluster.Create("a", [1]);
        _cluster.Fence(1);
        Elect(ElectionType.Unclean, "a").ShouldBe(ErrorCode.EligibleLeadersNotAvailable);
    }

    [Fact]
    public void Elect_OfAll_TellsOnlyOfThoseThatNeededIt()
    {
        Away("a");
        _cluster.Create("b", [2, 3]);
        var results = _cluster.Submit(new ElectLeadersCommand(ElectionType.Preferred, null)).Partitions;
        results.Select(result => (result.Topic, result.Partition, result.ErrorCode)).ShouldBe([("a", 0, ErrorCode.None)]);
    }

    [Fact]
    public void Elect_OfWhatIsNotThere_SaysSo()
    {
        Elect(ElectionType.Preferred, "x").ShouldBe(ErrorCode.UnknownTopicOrPartition);
        _cluster.Submit(new ElectLeadersCommand((ElectionType)7, null)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public void Elect_OfMoreThanADecisionHolds_SaysWhatWasLeftOut()
    {
        var cluster = ControllerDriver.WithBrokers(2, new ControllerOptions { MaxRecordsPerDecision = 2 });
        cluster.Create(new NewTopic("a") { Assignments = [.. Enumerable.Range(0, 4).Select(index => new PartitionAssignment(index, [1, 2]))] });
        cluster.Fence(1);
        cluster.Tick();
        cluster.Start(1);
        var topicId = cluster.Image.TopicsByName["a"].TopicId;
        cluster.Submit(new AlterPartitionCommand(2, cluster.Epoch(2), [.. Enumerable.Range(0, 4).Select(
            index => new PartitionAlteration(topicId, index, 1, 1, [new(1), new(2)]))]));
        cluster.Submit(new ElectLeadersCommand(ElectionType.Preferred, null)).Partitions.Select(result => result.ErrorCode)
            .ShouldBe([ErrorCode.None, ErrorCode.None, ErrorCode.OperationNotAttempted, ErrorCode.OperationNotAttempted]);
    }

    [Fact]
    public void Balance_GivesLeadersBack_AtItsIntervalAndBeyondItsPercentage()
    {
        Away("a");
        Wait(299_000);
        _cluster.Partition("a").Leader.ShouldBe(2);
        Wait(2_000);
        _cluster.Partition("a").Leader.ShouldBe(1);

        Away("b");
        _cluster.Create("c", [1, 2, 3]);
        Wait(301_000);
        _cluster.Partition("b").Leader.ShouldBe(2, "1 leads two of its three: that is balanced enough");
    }

    [Fact]
    public void Balance_ThatIsTurnedOff_LeavesLeadersWhereTheyAre()
    {
        var cluster = ControllerDriver.WithBrokers(3, new ControllerOptions { AutoLeaderRebalance = false });
        Away("a", cluster);
        Wait(400_000, cluster);
        cluster.Partition("a").Leader.ShouldBe(2);
    }

    private ErrorCode Elect(ElectionType type, string topic) =>
        _cluster.Submit(new ElectLeadersCommand(type, [new PartitionSelector(topic, 0)])).Partitions.Single().ErrorCode;

    /// <summary>A topic that broker 1 should lead and 2 does, with all of them in sync.</summary>
    private void Away(string topic, ControllerDriver? cluster = null)
    {
        cluster ??= _cluster;
        cluster.Create(topic, [1, 2, 3]);
        cluster.Fence(1);
        cluster.Start(1);
        foreach (var name in cluster.Image.TopicsByName.Keys)
        {
            cluster.Propose(name, [1, 2, 3]);
        }

        if (topic == "b")
        {
            cluster.Submit(new ElectLeadersCommand(ElectionType.Preferred, [new PartitionSelector("a", 0)]));
        }
    }

    private void Wait(long elapsedMs, ControllerDriver? cluster = null)
    {
        cluster ??= _cluster;
        for (; elapsedMs > 0; elapsedMs -= 4_000)
        {
            cluster.Tick(Math.Min(elapsedMs, 4_000));
            foreach (var broker in cluster.Image.Brokers.Keys)
            {
                cluster.Heartbeat(broker);
            }
        }
    }
}
