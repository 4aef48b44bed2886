using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Server;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Handlers.Quorum;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

/// <summary>Three nodes that reach each other over real sockets and the server's own handlers.</summary>
public sealed class QuorumSocketTests
{
    private const string ClusterId = "over-sockets";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Three_OverSockets_ElectReplicateAndAnswer()
    {
        var servers = Enumerable.Range(1, 3)
            .Select(_ => new KafkaServer(new ServerOptions { DrainTimeout = TimeSpan.Zero }, TimeProvider.System, NullLoggerFactory.Instance))
            .ToArray();
        var voters = servers.Select((server, i) => (Id: i + 1, server.Bind().Port))
            .ToImmutableSortedDictionary(voter => voter.Id, voter => new HostAndPort("127.0.0.1", voter.Port));
        var ready = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var machines = voters.Keys.ToDictionary(id => id, _ => new RecordedMachine(static () => { }));
        var drivers = voters.Keys.ToDictionary(id => id, id => Open(id, voters));
        var replayed = machines.Keys.ToDictionary(id => id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var (id, driver) in drivers)
        {
            servers[id - 1].Start(new DispatchTable(QuorumHandlers.ForControllers(driver)));
            machines[id] = new RecordedMachine(() => CheckReplayed(machines[id], replayed[id]));
            machines[id].OnLeadership = view =>
            {
                if (view.IsReady && ready.TrySetResult(id))
                {
                    driver.Propose(RecordedMachine.Record("over sockets"));
                }
            };
            driver.Start(machines[id]);
        }

        var leader = await ready.Task.WaitAsync(Limit);
        await Task.WhenAll(replayed.Values.Select(waiting => waiting.Task)).WaitAsync(Limit);

        var question = new Protocol.Messages.DescribeQuorumRequest
        {
            Topics = [new() { TopicName = InternalTopics.ClusterMetadata, Partitions = [new() { PartitionIndex = 0 }] }],
        };
        var follower = drivers.First(entry => entry.Key != drivers[leader].View.LeaderId).Value;
        var answer = await follower.DescribeAsync(question, 2, QuorumRequestOrigin.ClientListener, CancellationToken.None);
        answer.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        answer.Topics[0].Partitions[0].CurrentVoters.Count.ShouldBe(3);

        foreach (var driver in drivers.Values)
        {
            await driver.StopAsync();
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    private static void CheckReplayed(RecordedMachine machine, TaskCompletionSource replayed)
    {
        if (machine.Names is ["over sockets", ..])
        {
            replayed.TrySetResult();
        }
    }

    private static QuorumDriver Open(int id, ImmutableSortedDictionary<int, HostAndPort> voters) => QuorumDriver.Open(
        DataDirectory.Open(new MemoryDisk().Directory("data")),
        new QuorumOptions
        {
            NodeId = id,
            ClusterId = ClusterId,
            Voters = voters,
            ElectionTimeout = TimeSpan.FromMilliseconds(200),
            FetchTimeout = TimeSpan.FromMilliseconds(600),
        },
        new QuorumConnector(id, TimeProvider.System),
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
