using System.Buffers;
using System.Net.Sockets;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

/// <summary>
/// Carries what nodes say to each other without sockets, through the messages' own bytes. A node that is down refuses
/// connections; between nodes that are parted, what is said is neither answered nor refused.
/// </summary>
internal sealed class MemoryNetwork
{
    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<HostAndPort, (int Node, IQuorumAccess Access)> _listeners = [];
    private readonly HashSet<int> _isolated = [];

    /// <summary>May change a response on its way; by the node that answers.</summary>
    public Func<int, IResponseMessage, IResponseMessage>? Tamper { get; set; }

    public static HostAndPort EndpointOf(int node) => new($"node-{node}", 9093);

    public void Listen(int node, IQuorumAccess access)
    {
        lock (_gate)
        {
            _listeners[EndpointOf(node)] = (node, access);
        }
    }

    public void Close(int node)
    {
        lock (_gate)
        {
            _listeners.Remove(EndpointOf(node));
        }
    }

    public void Isolate(int node)
    {
        lock (_gate)
        {
            _isolated.Add(node);
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _isolated.Clear();
        }
    }

    public IQuorumConnector ConnectorOf(int node) => new Connector(this, node);

    private (int Node, IQuorumAccess Access) Find(HostAndPort endpoint)
    {
        lock (_gate)
        {
            return _listeners.TryGetValue(endpoint, out var listener)
                ? listener
                : throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }

    private bool AreParted(int one, int other)
    {
        lock (_gate)
        {
            return _isolated.Contains(one) || _isolated.Contains(other);
        }
    }

    private static TMessage Travel<TMessage>(TMessage message, IMessage into, short version)
        where TMessage : IMessage
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        message.Write(ref writer, version);
        writer.Flush();
        var reader = new KafkaReader(output.WrittenSpan.ToArray());
        into.Read(ref reader, version);
        return (TMessage)into;
    }

    private sealed class Connector(MemoryNetwork network, int node) : IQuorumConnector
    {
        public async Task<IQuorumConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellationToken)
        {
            var listener = network.Find(endpoint);
            if (network.AreParted(node, listener.Node))
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new Connection(network, node, endpoint);
        }
    }

    private sealed class Connection(MemoryNetwork network, int from, HostAndPort endpoint) : IQuorumConnection
    {
        public async Task<TResponse> SendAsync<TResponse>(
            IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
            where TResponse : IResponseMessage, IApiMessage, new()
        {
            var (to, access) = Listener();
            await HoldIfPartedAsync(to, cancellationToken);
            var received = Travel<IRequestMessage>(request, (IMessage)Activator.CreateInstance(request.GetType())!, version);
            var answer = await AskAsync(access, received, version, cancellationToken);
            await HoldIfPartedAsync(to, cancellationToken);
            Listener();
            answer = network.Tamper?.Invoke(to, answer) ?? answer;
            return (TResponse)Travel(answer, new TResponse(), version);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private (int Node, IQuorumAccess Access) Listener()
        {
            try
            {
                return network.Find(endpoint);
            }
            catch (SocketException gone)
            {
                throw new KafkaConnectionClosedException("The node is gone", gone);
            }
        }

        private Task HoldIfPartedAsync(int to, CancellationToken cancellationToken) =>
            network.AreParted(from, to) ? new TaskCompletionSource().Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        private static async Task<IResponseMessage> AskAsync(
            IQuorumAccess access, IRequestMessage request, short version, CancellationToken cancellationToken) => request switch
            {
                QuorumVoteRequest vote => await access.VoteAsync(vote, cancellationToken),
                BeginQuorumLeaderEpochRequest begin => await access.BeginEpochAsync(begin, cancellationToken),
                EndQuorumLeaderEpochRequest end => await access.EndEpochAsync(end, cancellationToken),
                FetchQuorumLogRequest fetch => await access.FetchAsync(fetch, cancellationToken),
                FetchQuorumSnapshotRequest snapshot => await access.FetchSnapshotAsync(snapshot, cancellationToken),
                DescribeQuorumRequest describe => await access
                    .DescribeAsync(describe, version, QuorumRequestOrigin.ControllerListener, cancellationToken),
                AddRaftVoterRequest add => await access.AddVoterAsync(add, QuorumRequestOrigin.ControllerListener, cancellationToken),
                RemoveRaftVoterRequest remove => await access
                    .RemoveVoterAsync(remove, QuorumRequestOrigin.ControllerListener, cancellationToken),
                _ => throw new InvalidOperationException($"{request.GetType().Name} does not travel in the quorum"),
            };
    }
}
