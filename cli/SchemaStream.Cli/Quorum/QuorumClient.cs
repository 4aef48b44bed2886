using System.Net.Sockets;
using SchemaStream.Broker.Raft;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Quorum;

/// <summary>The quorum as an administrator meets it: any broker passes on what the leader has to answer.</summary>
internal sealed class QuorumClient : IAsyncDisposable
{
    private const string MetadataTopic = "__cluster_metadata";
    private const short DescribeVersion = 2;
    private const int ChangeTimeoutMs = 25_000;

    /// <summary>An election takes a second or two; a successor that has not made it by then did not.</summary>
    private static readonly TimeSpan TransferLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan TransferPause = TimeSpan.FromMilliseconds(100);

    private static readonly KafkaConnectionOptions Options = new()
    {
        ClientId = "schemastream-quorum",
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    private readonly KafkaConnection _broker;

    private QuorumClient(KafkaConnection broker) => _broker = broker;

    /// <summary>Connects to the first of the servers that can be reached.</summary>
    /// <exception cref="QuorumCommandException">None can.</exception>
    public static async Task<QuorumClient> ConnectAsync(string bootstrapServers, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        foreach (var server in bootstrapServers.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                return new QuorumClient(await ConnectAsync(Endpoints.Parse(server), cancellation));
            }
            catch (Exception unreachable) when (unreachable is SocketException or IOException or TimeoutException)
            {
                reasons.Add($"{server}: {unreachable.Message}");
            }
        }

        throw new QuorumCommandException($"no broker can be reached. {string.Join("; ", reasons)}", ExitCodes.Unreachable);
    }

    public async Task DescribeAsync(TextWriter output, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var response = await AskAsync(cancellation);
        var cluster = await _broker.SendAsync(new DescribeClusterRequest(), 0, cancellation);
        QuorumText.Write(output, cluster.ClusterId, response, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public async Task AddVoterAsync(int nodeId, HostAndPort endpoint, CancellationToken cancellation)
    {
        var request = new AddRaftVoterRequest
        {
            TimeoutMs = ChangeTimeoutMs,
            VoterId = nodeId,
            Listeners = [new() { Name = "CONTROLLER", Host = endpoint.Host, Port = (ushort)endpoint.Port }],
        };
        var response = await _broker.SendAsync(request, 1, cancellation);
        Require(response.ErrorCode, response.ErrorMessage, $"node {nodeId} was not added");
        Console.WriteLine($"Node {nodeId} at {endpoint} is a voter.");
    }

    public async Task RemoveVoterAsync(int nodeId, CancellationToken cancellation)
    {
        var response = await _broker.SendAsync(new RemoveRaftVoterRequest { VoterId = nodeId }, 0, cancellation);
        Require(response.ErrorCode, response.ErrorMessage, $"node {nodeId} was not removed");
        Console.WriteLine($"Node {nodeId} is no voter any more.");
    }

    /// <summary>The one change that the leader is asked for at its own listener.</summary>
    public async Task TransferAsync(int nodeId, CancellationToken cancellation)
    {
        var description = await AskAsync(cancellation);
        var leader = description.Topics[0].Partitions[0].LeaderId;
        if (description.Nodes.Find(node => node.NodeId == leader)?.Listeners is not [var listener, ..])
        {
            throw new QuorumCommandException($"the leader, node {leader}, tells no controller listener");
        }

        await using var connection = await ConnectAsync(new HostAndPort(listener.Host, listener.Port), cancellation);
        var response = await connection.SendAsync(new TransferQuorumLeadershipRequest { SuccessorId = nodeId }, 0, cancellation);
        Require(response.ErrorCode, response.ErrorMessage, $"leadership stays with node {leader}");
        await UntilLeadsAsync(nodeId, cancellation);
        Console.WriteLine($"Node {nodeId} leads the quorum, in place of node {leader}.");
    }

    /// <summary>It was asked to; whether it does is seen when someone leads again.</summary>
    private async Task UntilLeadsAsync(int nodeId, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TransferLimit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var pause = new PeriodicTimer(TransferPause);
        var leader = -1;
        try
        {
            while (leader != nodeId)
            {
                await pause.WaitForNextTickAsync(either.Token);
                leader = await LeaderOrNoneAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new QuorumCommandException(leader < 0
                ? $"node {nodeId} was asked to lead, but no leader was found after {TransferLimit.TotalSeconds} s: see 'quorum describe'"
                : $"node {nodeId} was asked to lead, but node {leader} does");
        }
    }

    /// <summary>Minus one between two leaders.</summary>
    private async Task<int> LeaderOrNoneAsync(CancellationToken cancellation)
    {
        try
        {
            return (await AskAsync(cancellation)).Topics[0].Partitions[0].LeaderId;
        }
        catch (QuorumCommandException)
        {
            return -1;
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private static Task<KafkaConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellation) =>
        KafkaConnection.ConnectAsync(endpoint.Host, endpoint.Port, Options, cancellation);

    private async Task<DescribeQuorumResponse> AskAsync(CancellationToken cancellation)
    {
        var request = new DescribeQuorumRequest
        {
            Topics = [new() { TopicName = MetadataTopic, Partitions = [new() { PartitionIndex = 0 }] }],
        };
        var response = await _broker.SendAsync(request, DescribeVersion, cancellation);
        Require(response.ErrorCode, response.ErrorMessage, "the quorum was not described");
        var partition = response.Topics[0].Partitions[0];
        Require(partition.ErrorCode, partition.ErrorMessage, "the quorum was not described");
        return response;
    }

    private static void Require(ErrorCode error, string? message, string what)
    {
        if (error != ErrorCode.None)
        {
            throw new QuorumCommandException($"{what}: {error}{(message is null ? "" : $", {message}")}");
        }
    }
}
