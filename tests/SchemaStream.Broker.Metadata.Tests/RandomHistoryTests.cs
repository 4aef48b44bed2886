using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests;

/// <summary>
/// Commands drawn at random, against all that must hold whatever happens: a leader is in the ISR, epochs only grow, and the
/// records alone give the same cluster again.
/// </summary>
public sealed class RandomHistoryTests
{
    private const int Brokers = 5;

    /// <summary>Some, and those that once found something.</summary>
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40), 1200, 9246];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyHistory_KeepsTheInvariants_AndCanBeReplayed(int seed)
    {
        var random = new Random(seed);
        var options = new ControllerOptions
        {
            MaxRecordsPerDecision = seed % 3 == 0 ? 7 : 10_000,
            LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(20),
        };
        var cluster = ControllerDriver.WithBrokers(3, options, "a", "b");
        var committed = new CommittedData();
        for (var step = 0; step < 250; step++)
        {
            var before = cluster.Image;
            var uncleanWasAsked = Step(cluster, random, committed);
            Check(before, cluster.Image);
            committed.Check(before, cluster.Image, uncleanWasAsked);
            if (options.MaxRecordsPerDecision == 10_000)
            {
                CheckThatNothingIsOwed(cluster.Image);
            }
        }

        ImageText.Of(cluster.Restart().Image).ShouldBe(ImageText.Of(cluster.Image));
        ImageText.Of(Snapshotted(cluster.Image)).ShouldBe(ImageText.Of(cluster.Image));
    }

    private static MetadataImage Snapshotted(MetadataImage image)
    {
        var replay = new MetadataReplay(MetadataImage.Empty, Metadata.Configs.TopicConfigDefaults.Kafka);
        foreach (var record in MetadataSnapshot.RecordsOf(image).SelectMany(records => records))
        {
            replay.Replay(record);
        }

        return replay.Build(image.Offset);
    }

    /// <returns>Whether an unclean election was asked for.</returns>
    private static bool Step(ControllerDriver cluster, Random random, CommittedData committed)
    {
        var broker = random.Next(1, Brokers + 1);
        switch (random.Next(16))
        {
            case 0:
                Register(cluster, random, broker, committed);
                break;
            case 1 or 2 or 3 or 4 when cluster.Image.Brokers.ContainsKey(broker):
                cluster.Heartbeat(broker, random.Next(8) == 0, random.Next(8) == 0, cluster.Image.Offset - random.Next(6));
                break;
            case 5:
                cluster.Tick(random.Next(4) == 0 ? 4_000 : 500);
                break;
            case 6 when random.Next(4) == 0:
                cluster.Submit(new UnregisterBrokerCommand(broker));
                break;
            case 7 when random.Next(3) == 0:
                cluster.FailOver();
                break;
            default:
                return TopicStep(cluster, random, committed);
        }

        return false;
    }

    private static void Register(ControllerDriver cluster, Random random, int broker, CommittedData committed)
    {
        var isClean = random.Next(2) == 0;
        var directory = random.Next(4) == 0 ? Guid.NewGuid() : ControllerDriver.Directory(broker);
        var isOtherDisk = cluster.Image.Brokers.TryGetValue(broker, out var known) && known.DirectoryId != directory;
        var command = ControllerDriver.Registration(broker, random.Next(2) == 0 ? "a" : "b") with
        {
            PreviousShutdownWasClean = isClean && !isOtherDisk,
            DirectoryId = directory,
        };
        ErrorCode error;
        do
        {
            error = cluster.Submit(command).ErrorCode;
        }
        while (error == ErrorCode.RequestTimedOut);

        if (error == ErrorCode.None && (!isClean || isOtherDisk))
        {
            committed.Lose(broker);
        }
    }

    private static bool TopicStep(ControllerDriver cluster, Random random, CommittedData committed)
    {
        var name = $"t{random.Next(3)}";
        if (!cluster.Image.TryGetTopic(name, out var topic))
        {
            cluster.Create(new NewTopic(name)
            {
                PartitionCount = random.Next(1, 6),
                ReplicationFactor = random.Next(1, 4),
                Configs = [new("min.insync.replicas", $"{random.Next(1, 4)}")],
            });
            return false;
        }

        var index = random.Next(topic.Partitions.Length);
        switch (random.Next(10))
        {
            case 0:
                cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth(name, topic.Partitions.Length + 1)]));
                break;
            case 1 when random.Next(5) == 0:
                cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName(name)]));
                break;
            case 2:
                cluster.Configure(name, "min.insync.replicas", $"{random.Next(1, 4)}");
                break;
            case 3 when random.Next(3) == 0:
                cluster.Configure(name, "unclean.leader.election.enable", random.Next(3) == 0 ? "true" : "false");
                break;
            case 4:
                var type = (ElectionType)random.Next(2);
                cluster.Submit(new ElectLeadersCommand(type, random.Next(2) == 0 ? null : [new PartitionSelector(name, index)]));
                return type == ElectionType.Unclean;
            case 5:
                var target = Enumerable.Range(1, Brokers).Where(cluster.Image.Brokers.ContainsKey).OrderBy(_ => random.Next()).Take(random.Next(1, 4));
                cluster.Submit(new AlterPartitionReassignmentsCommand(
                    [new PartitionReassignment(name, index, random.Next(3) == 0 ? null : [.. target])]));
                break;
            default:
                Propose(cluster, random, topic, index, committed);
                break;
        }

        return false;
    }

    private static void Propose(ControllerDriver cluster, Random random, TopicImage topic, int index, CommittedData committed)
    {
        var partition = topic.Partitions[index];
        if (!cluster.Image.Brokers.ContainsKey(partition.Leader))
        {
            return;
        }

        var isr = partition.Replicas
            .Where(replica => replica == partition.Leader || random.Next(4) > 0)
            .Select(replica => new IsrMember(replica, cluster.Image.Brokers.TryGetValue(replica, out var broker) ? broker.BrokerEpoch : -1));
        var stale = random.Next(5) == 0 ? random.Next(-1, 2) : 0;
        var alteration = new PartitionAlteration(
            topic.TopicId, index, partition.LeaderEpoch + (random.Next(2) == 0 ? stale : 0), partition.PartitionEpoch + stale, [.. isr]);
        var reply = cluster.Submit(new AlterPartitionCommand(partition.Leader, cluster.Epoch(partition.Leader), [alteration]));
        if (reply.Partitions.Single().ErrorCode is ErrorCode.None or ErrorCode.NewLeaderElected)
        {
            committed.CaughtUp(topic.TopicId, index, alteration.NewIsr.Select(member => member.BrokerId));
        }
    }

    private static void Check(MetadataImage before, MetadataImage after)
    {
        foreach (var (name, topic) in after.TopicsByName)
        {
            before.TryGetTopic(topic.TopicId, out var old);
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                Check(topic.Partitions[index], $"{name}-{index}");
                if (old?.Partition(index) is { } was)
                {
                    CheckEpochs(was, topic.Partitions[index], $"{name}-{index}");
                }
            }
        }

        var told = after.ChangedSince(before).Topics.Select(change => change.TopicId);
        var changed = before.TopicsById.Keys.Union(after.TopicsById.Keys)
            .Where(topicId => !ReferenceEquals(before.TopicsById.GetValueOrDefault(topicId), after.TopicsById.GetValueOrDefault(topicId)));
        Holds(after.PartitionCount == after.TopicsByName.Values.Sum(topic => topic.Partitions.Length), "all partitions are counted");
        Holds(told.SequenceEqual(changed.Order()), "the changes that are told are all that there are");
    }

    private static void Check(PartitionRegistration partition, string name)
    {
        var replicas = partition.Replicas;
        Holds(!replicas.IsEmpty && replicas.Distinct().Count() == replicas.Length, $"{name}: replicas differ");
        Holds(partition.Isr.Distinct().Count() == partition.Isr.Length, $"{name}: members of the ISR differ");
        Holds(!partition.Isr.Except(replicas).Any() && !partition.Elr.Except(replicas).Any(), $"{name}: ISR and ELR are replicas");
        Holds(!partition.Elr.Intersect(partition.Isr).Any(), $"{name}: no one is in the ISR and the ELR");
        Holds(partition.LastKnownElr.Length <= 1, $"{name}: one leader was the last");
        Holds(!partition.AddingReplicas.Except(replicas).Any(), $"{name}: what is added is there");
        Holds(!partition.RemovingReplicas.Except(replicas).Any(), $"{name}: what is removed is still there");
        Holds(!partition.AddingReplicas.Intersect(partition.RemovingReplicas).Any(), $"{name}: no one comes and goes");
        Holds(!partition.HasLeader || partition.Isr.Contains(partition.Leader), $"{name}: the leader is in the ISR");
        Holds(!partition.HasLeader || partition.LastKnownElr.IsEmpty, $"{name}: who has a leader needs no last one");
        Holds(
            !partition.IsReassigning || replicas.Except(partition.RemovingReplicas).Any(replica => !partition.Isr.Contains(replica)),
            $"{name}: what is complete is done");
    }

    /// <summary>Who is not counted on is in no ISR, and there is a leader wherever there can be one.</summary>
    private static void CheckThatNothingIsOwed(MetadataImage image)
    {
        foreach (var partition in image.TopicsByName.Values.SelectMany(topic => topic.Partitions))
        {
            Holds(partition.Isr.All(image.IsActive), "who is in an ISR is active");
            Holds(partition.HasLeader || (partition.Isr.IsEmpty && !partition.Elr.Any(image.IsActive)), "who can lead does");
        }
    }

    private static void CheckEpochs(PartitionRegistration was, PartitionRegistration now, string name)
    {
        Holds(now.LeaderEpoch >= was.LeaderEpoch + (now.Leader == was.Leader ? 0 : 1), $"{name}: another leader, another epoch");
        Holds(ReferenceEquals(was, now) || now.PartitionEpoch > was.PartitionEpoch, $"{name}: another state, another epoch");
    }

    /// <summary>Checked so often that an assertion which reads its own source would take minutes.</summary>
    private static void Holds(bool holds, string promise) => Invariant.That(holds, promise);
}
