using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

public sealed class ReplicationTests
{
    private static readonly int[][] OnAllThree = [[1, 2, 3]];

    [Fact]
    public async Task Records_AreOnAllReplicas_OnceTheyAreAcknowledgedByAll()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));

        for (var i = 0; i < 20; i++)
        {
            (await cluster[1].ProduceAsync(orders, TestBatch.Of($"{i}"))).Error.ShouldBe(ErrorCode.None);
        }

        var expected = Enumerable.Range(0, 20).Select(i => $"{i}").ToArray();
        (await cluster[1].ReadAllAsync(orders)).ShouldBe(expected);
        await cluster[2].UntilReadableAsync(orders, 20);
        (await cluster[2].ReadAllAsync(orders)).ShouldBe(expected);
        cluster.Registration(orders).Isr.ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task Followers_PollWithinASessionEach_OfAllTheyFollow_AndOnlyThat()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var sessions = cluster[1].FetchSessions.ShouldNotBeNull();
        var first = await cluster.CreateTopicAsync("first", [[1, 2, 3], [1, 2, 3]]);
        (await cluster[1].ProduceAsync(first, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);
        await ReplicaCluster.UntilAsync(() => (sessions.Count, sessions.PartitionCount) == (2, 4));

        // While it is polled, a session takes in what is new; what was appended is asked for anew within it.
        var second = await cluster.CreateTopicAsync("second", [[1, 2, 3]]);
        for (var i = 0; i < 20; i++)
        {
            (await cluster[1].ProduceAsync(second, TestBatch.Of($"{i}"))).Error.ShouldBe(ErrorCode.None);
        }

        await ReplicaCluster.UntilAsync(() => (sessions.Count, sessions.PartitionCount) == (2, 6));
        (await cluster[1].ReadAllAsync(second)).Length.ShouldBe(20);
        await cluster[3].UntilReadableAsync(second, 20);
    }

    [Fact]
    public async Task ALeaderThatForgotASession_IsPolledInANewOne()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2);
        var sessions = cluster[1].FetchSessions.ShouldNotBeNull();
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]], ("min.insync.replicas", "2"));
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);
        await ReplicaCluster.UntilAsync(() => sessions.Count == 1);

        sessions.Clear();

        (await cluster[1].ProduceAsync(orders, TestBatch.Of("b"))).Error.ShouldBe(ErrorCode.None);
        await ReplicaCluster.UntilAsync(() => sessions.Count == 1);
        await cluster[2].UntilReadableAsync(orders, 2);
    }

    [Fact]
    public async Task FollowerThatWasAway_CatchesUpAndIsInSyncAgain()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));
        await cluster[1].ProduceAsync(orders, TestBatch.Of("before"));
        await cluster.KillAsync(3);
        await cluster.UntilIsrAsync(orders, 1, 2);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("meanwhile"));

        await cluster.StartBrokerAsync(3);

        await cluster.UntilIsrAsync(orders, 1, 2, 3);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("after"));
        await cluster[3].UntilReadableAsync(orders, 3);
        (await cluster[3].ReadAllAsync(orders)).ShouldBe(["before", "meanwhile", "after"]);
    }

    [Fact]
    public async Task LeaderThatDies_ComesBackAsAFollower_WithoutWhatNoOneElseHad()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("acknowledged"))).Error.ShouldBe(ErrorCode.None);

        // What only the old leader has: it is cut off, and does not know.
        await cluster[1].IsolateAsync();
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("lost", "lost too"), RequiredAcks.Leader)).Error.ShouldBe(ErrorCode.None);
        await cluster.KillAsync(1);
        cluster.Registration(orders).Leader.ShouldBe(2);
        (await cluster[2].ProduceAsync(orders, TestBatch.Of("of the new leader"))).Error.ShouldBe(ErrorCode.None);

        await cluster.StartBrokerAsync(1);

        await cluster.UntilIsrAsync(orders, 1, 2, 3);
        (await cluster[2].ProduceAsync(orders, TestBatch.Of("of all"))).Error.ShouldBe(ErrorCode.None);
        foreach (var node in new[] { 1, 2, 3 })
        {
            await cluster[node].UntilReadableAsync(orders, 3);
            (await cluster[node].ReadAllAsync(orders)).ShouldBe(["acknowledged", "of the new leader", "of all"]);
        }
    }

    [Fact]
    public async Task WithTooFewInSync_AcksAllAreRefused_UntilTheyAreBack()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));
        await cluster.KillAsync(2);
        await cluster.KillAsync(3);

        (await cluster[1].ProduceAsync(orders, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.NotEnoughReplicas);

        await cluster.StartBrokerAsync(3);
        await cluster.UntilIsrAsync(orders, 1, 3);

        // The leader itself hears of it a moment after the others may have.
        await RuntimeUnderTest.UntilAsync(
            async () => (await cluster[1].ProduceAsync(orders, TestBatch.Of("b"))).Error == ErrorCode.None);
    }

    [Fact]
    public async Task AfterALeadersDeath_TheNextOneTakesRecordsAtOnce()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));
        await cluster[1].ProduceAsync(orders, TestBatch.Of("a"));
        await cluster.KillAsync(1);

        var started = TimeProvider.System.GetTimestamp();
        (await cluster[2].ProduceAsync(orders, TestBatch.Of("b"))).Error.ShouldBe(ErrorCode.None);

        // Far below a long poll's 500 ms: the other follower does not finish a wait before it turns to the new leader.
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task NewPartition_DoesNotWaitForTheLongPollOfThoseBeforeIt()
    {
        await using var cluster = await ReplicaCluster.StartAsync(
            2, options => options with { Replicas = new ReplicaOptions { FetchWaitMax = TimeSpan.FromMinutes(1) } });
        var quiet = await cluster.CreateTopicAsync("quiet", [[1, 2]]);
        (await cluster[1].ProduceAsync(quiet, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);

        for (var i = 0; i < 5; i++)
        {
            var young = await cluster.CreateTopicAsync($"young-{i}", [[1, 2]]);
            (await cluster[1].ProduceAsync(young, TestBatch.Of("b")).AsTask().WaitAsync(TimeSpan.FromSeconds(20)))
                .Error.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task FollowerThatHearsOfALeaderBeforeItDoes_AsksUntilItLeads()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree, ("min.insync.replicas", "2"));
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);

        // Broker 2 leads and does not know it yet; broker 3 asks it for records all the same.
        cluster[2].HoldImages();
        await cluster.KillAsync(1);
        cluster.Registration(orders).Leader.ShouldBe(2);
        (await cluster[2].ProduceAsync(orders, TestBatch.Of("too early"))).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        await cluster[2].ReleaseImages();

        (await cluster[2].ProduceAsync(orders, TestBatch.Of("b"))).Error.ShouldBe(ErrorCode.None);
        await cluster[3].UntilReadableAsync(orders, 2);
        (await cluster[3].ReadAllAsync(orders)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task WhatIsCommitted_IsRememberedOnDisk_ByLeaderAndFollower()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, options => options with
        {
            Replicas = new ReplicaOptions { HighWatermarkCheckpointInterval = TimeSpan.FromMilliseconds(20) },
        });
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]]);
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("a", "b", "c"))).Error.ShouldBe(ErrorCode.None);

        foreach (var node in new[] { 1, 2 })
        {
            var checkpoint = Path.Combine(cluster[node].DataDirectory, "replication-offset-checkpoint");
            await ReplicaCluster.UntilAsync(() => File.Exists(checkpoint) && File.ReadAllText(checkpoint).Contains("orders 0 3\n"));
        }
    }

    [Fact]
    public async Task ConsumerAtAFollower_IsToldOfRecords_AsSoonAsTheyAreCommitted()
    {
        // No long poll of the followers ends before the test does.
        await using var cluster = await ReplicaCluster.StartAsync(
            2, options => options with { Replicas = new ReplicaOptions { FetchWaitMax = TimeSpan.FromMinutes(1) } });
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]]);
        await cluster[2].ReadAllAsync(orders);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("first"));

        var query = RuntimeUnderTest.Query([new FetchPartition(orders, 0, 1 << 20)], maxWait: TimeSpan.FromSeconds(30));
        query.ClientRack = "anywhere";
        using var fetched = await cluster[2].Partitions.FetchAsync(query, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["first"]);
    }

    [Fact]
    public async Task ThrottledReplica_ThatIsNotInSync_CatchesUpNoFasterThanItMay()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, options => options with
        {
            Replicas = new ReplicaOptions { LeaderThrottledRate = 30_000, FetchMaxBytes = 1_000, FetchWaitMax = TimeSpan.FromMilliseconds(50) },
        });
        var orders = await cluster.CreateTopicAsync(
            "orders", [[1, 2]], ("leader.replication.throttled.replicas", "0:1"));
        await cluster.KillAsync(2);
        for (var i = 0; i < 60; i++)
        {
            await cluster[1].ProduceAsync(orders, TestBatch.Of(new string('x', 1_000)));
        }

        var started = TimeProvider.System.GetTimestamp();
        await cluster.StartBrokerAsync(2);
        await cluster.UntilIsrAsync(orders, 1, 2);

        // 60,000 bytes at 30,000 a second, of which the first second's are free.
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task ConsumerWithARack_IsSentToTheReplicaThere_AndServedByIt()
    {
        await using var cluster = await ReplicaCluster.StartAsync(
            3, options => options with { Rack = $"rack-{options.NodeId}" });
        var orders = await cluster.CreateTopicAsync("orders", OnAllThree);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("a"));
        var query = RuntimeUnderTest.Query([new FetchPartition(orders, 0, 1 << 20)]);
        query.ClientRack = "rack-3";

        using (var atLeader = await cluster[1].Partitions.FetchAsync(query, CancellationToken.None))
        {
            atLeader.Partitions[0].Error.ShouldBe(ErrorCode.None);
            atLeader.Partitions[0].PreferredReadReplica.ShouldBe(3);
            atLeader.Partitions[0].Records.IsEmpty.ShouldBeTrue();
        }

        query.MaxWait = TimeSpan.FromSeconds(10);
        using var atReplica = await cluster[3].Partitions.FetchAsync(query, CancellationToken.None);
        RuntimeUnderTest.ValuesOf(atReplica.Partitions[0]).ShouldBe(["a"]);
        atReplica.Partitions[0].PreferredReadReplica.ShouldBe(-1);
    }
}
