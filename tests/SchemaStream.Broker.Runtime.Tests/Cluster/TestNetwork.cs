using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Controller.Wire;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Tests.Cluster;

/// <summary>The controllers' listeners of several nodes of one process. A node that is cut off hears and is heard no more.</summary>
internal sealed class TestNetwork
{
    private readonly ConcurrentDictionary<HostAndPort, (int NodeId, BrokerRuntime Runtime)> _listening = new();
    private readonly ConcurrentDictionary<int, bool> _cutOff = new();
    private readonly Dictionary<Type, Func<BrokerRuntime, object, CancellationToken, Task<object>>> _commands = [];

    public TestNetwork()
    {
        Serve(ControllerApis.RegisterBroker);
        Serve(ControllerApis.BrokerHeartbeat);
        Serve(ControllerApis.CreateTopics);
        Serve(ControllerApis.AlterPartition);
        Serve(ControllerApis.AllocateProducerIds);
        Serve(ControllerApis.UnregisterBroker);
    }

    public static HostAndPort EndpointOf(int nodeId) => new("controller", nodeId);

    public void Listen(int nodeId, BrokerRuntime runtime) => _listening[EndpointOf(nodeId)] = (nodeId, runtime);

    public void StopListening(int nodeId) => _listening.TryRemove(EndpointOf(nodeId), out _);

    public void CutOff(int nodeId) => _cutOff[nodeId] = true;

    public void Heal(int nodeId) => _cutOff.TryRemove(nodeId, out _);

    public IQuorumConnector ConnectorOf(int nodeId) => new Connector(this, nodeId);

    private bool IsCut(int from, int to) => _cutOff.ContainsKey(from) || _cutOff.ContainsKey(to);

    private void Serve<TCommand, TReply, TRequest, TResponse>(ControllerApi<TCommand, TReply, TRequest, TResponse> api)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new() =>
        _commands[typeof(TRequest)] = async (runtime, request, cancellationToken) =>
            api.ResponseOf(await runtime.Controller.DecideAsync(api.CommandOf((TRequest)request), cancellationToken));

    private async Task<object> HandleAsync(BrokerRuntime runtime, object request, CancellationToken cancellationToken) => request switch
    {
        QuorumVoteRequest vote => await runtime.Quorum.VoteAsync(vote, cancellationToken),
        BeginQuorumLeaderEpochRequest begin => await runtime.Quorum.BeginEpochAsync(begin, cancellationToken),
        EndQuorumLeaderEpochRequest end => await runtime.Quorum.EndEpochAsync(end, cancellationToken),
        FetchQuorumLogRequest fetch => await runtime.Quorum.FetchAsync(fetch, cancellationToken),
        FetchQuorumSnapshotRequest snapshot => await runtime.Quorum.FetchSnapshotAsync(snapshot, cancellationToken),
        _ => await _commands[request.GetType()](runtime, request, cancellationToken),
    };

    private sealed class Connector(TestNetwork network, int nodeId) : IQuorumConnector
    {
        public async Task<IQuorumConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (!network._listening.TryGetValue(endpoint, out var listener))
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            if (network.IsCut(nodeId, listener.NodeId))
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return new Connection(network, nodeId, listener.NodeId, listener.Runtime);
        }
    }

    private sealed class Connection(TestNetwork network, int from, int to, BrokerRuntime runtime) : IQuorumConnection
    {
        private readonly CancellationTokenSource _closed = new();

        public async Task<TResponse> SendAsync<TResponse>(
            IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
            where TResponse : IResponseMessage, IApiMessage, new()
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, cancellationToken);
            try
            {
                await Task.Yield();
                await LoseIfCutAsync(either.Token);
                var arrived = (IRequestMessage)Activator.CreateInstance(request.GetType())!;
                Copy(request, arrived, version);
                var handled = await network.HandleAsync(runtime, arrived, either.Token);
                await LoseIfCutAsync(either.Token);
                var response = new TResponse();
                Copy((IMessage)handled, response, version);
                return response;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new KafkaConnectionClosedException("closed");
            }
        }

        public async ValueTask DisposeAsync() => await _closed.CancelAsync();

        private Task LoseIfCutAsync(CancellationToken cancellationToken) =>
            network.IsCut(from, to) ? new TaskCompletionSource().Task.WaitAsync(cancellationToken) : Task.CompletedTask;

        private static void Copy(IMessage from, IMessage to, short version)
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new KafkaWriter(output);
            from.Write(ref writer, version);
            writer.Flush();
            var reader = new KafkaReader(output.WrittenMemory);
            to.Read(ref reader, version);
        }
    }
}
