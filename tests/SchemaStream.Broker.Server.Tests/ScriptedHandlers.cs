using System.Collections.Concurrent;
using System.Threading.Channels;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests;

/// <summary>Requests that have arrived, by what they ask for, each waiting for the test to answer it.</summary>
internal sealed class Arrivals
{
    private readonly ConcurrentDictionary<string, Channel<TaskCompletionSource<ErrorCode>>> _byName = new();

    /// <summary>Names in the order in which their requests were begun.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    public Task<ErrorCode> AddAsync(string name, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(() => answer.TrySetCanceled(cancellation));
        Begun.Enqueue(name);
        Of(name).Writer.TryWrite(answer);
        return answer.Task;
    }

    public async Task<TaskCompletionSource<ErrorCode>> NextAsync(string name)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        return await Of(name).Reader.ReadAsync(limit.Token);
    }

    private Channel<TaskCompletionSource<ErrorCode>> Of(string name) =>
        _byName.GetOrAdd(name, _ => Channel.CreateUnbounded<TaskCompletionSource<ErrorCode>>());
}

/// <summary>A handler whose requests run one after another.</summary>
internal sealed class ScriptedHeartbeats : ApiHandler<HeartbeatRequest, HeartbeatResponse>
{
    /// <summary>A group whose requests end when the connection's next request waits for them.</summary>
    public const string Yielding = "yielding";

    /// <summary>A group whose requests make their client pause for an hour.</summary>
    public const string Throttled = "throttled";

    private readonly Arrivals _arrivals = new();

    public IReadOnlyCollection<string> Begun => _arrivals.Begun;

    public Task<TaskCompletionSource<ErrorCode>> NextAsync(string groupId) => _arrivals.NextAsync(groupId);

    protected override async ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context)
    {
        context.Throttle(request.GroupId == Throttled ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        var until = request.GroupId == Yielding ? context.CancellationOrNextRequest : context.Cancellation;
        try
        {
            return new HeartbeatResponse { ErrorCode = await _arrivals.AddAsync(request.GroupId, until) };
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            return new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress };
        }
    }
}

/// <summary>A handler whose requests overlap. The name is the transactional id.</summary>
internal sealed class ScriptedProduces : ApiHandler<ProduceRequest, ProduceResponse>
{
    private readonly Arrivals _arrivals = new();

    public override bool MayOverlap => true;

    public override bool KeepsRequestMemory => true;

    public IReadOnlyCollection<string> Begun => _arrivals.Begun;

    public Task<TaskCompletionSource<ErrorCode>> NextAsync(string name) => _arrivals.NextAsync(name);

    protected override async ValueTask<ProduceResponse?> HandleAsync(ProduceRequest request, RequestContext context)
    {
        var name = request.TransactionalId ?? "";
        var error = await _arrivals.AddAsync(name, CancellationToken.None);
        if (request.Acks == 0)
        {
            if (error != ErrorCode.None)
            {
                context.CloseConnection();
            }

            return null;
        }

        return new ProduceResponse { Responses = [new() { Name = name }] };
    }
}
