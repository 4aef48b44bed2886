using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>What becomes of a request when its turn to be answered comes.</summary>
internal enum RequestOutcome
{
    /// <summary>Still being worked on.</summary>
    Pending,

    Reply,

    /// <summary>Produce with acks=0 is not answered.</summary>
    NoReply,

    /// <summary>The connection ends here; earlier requests have had their replies.</summary>
    Close,
}

/// <summary>One request on its way through the server. Used again for later requests of the same connection.</summary>
public sealed class RequestContext
{
    private readonly ResponseBuffer _response = new();
    private readonly Action _onServed;
    private readonly Lock _hurryLock = new();
    private CancellationTokenSource? _hurry;
    private bool _isHurried;
    private RequestFrame? _frame;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _serving;

    internal RequestContext(
        ConnectionIdentity connection,
        DispatchTable table,
        TextCache texts,
        Action<RequestContext> onServed,
        CancellationToken cancellation)
    {
        Connection = connection;
        Table = table;
        Texts = texts;
        Cancellation = cancellation;
        _onServed = () => onServed(this);
    }

    public ApiKey ApiKey { get; private set; }

    public short ApiVersion { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>What the client calls itself; empty when it does not.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Whom quotas take the client for.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "It is the request's, also while all listeners are anonymous.")]
    public string User => ClientQuotas.AnonymousUser;

    public string ListenerName => Connection.ListenerName;

    public IPAddress ClientAddress => Connection.Address;

    /// <summary>Ends waits for the client's sake: it is gone, or the server stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>
    /// As <see cref="Cancellation"/>, and when the connection's next request has come and waits for this one: for a wait
    /// that its sender means to end that way.
    /// </summary>
    public CancellationToken CancellationOrNextRequest
    {
        get
        {
            lock (_hurryLock)
            {
                if (_hurry is null)
                {
                    // Linked once and kept, as most waits are not hurried.
                    _hurry = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
                    if (_isHurried)
                    {
                        _hurry.Cancel();
                    }
                }

                return _hurry.Token;
            }
        }
    }

    /// <summary>Whom the broker serves within the cluster has no quota: set by the handler that knows it for one.</summary>
    public bool IsExemptFromQuotas { get; set; }

    /// <summary>For how long the connection is not read from after this request.</summary>
    internal TimeSpan Pause { get; private set; }

    /// <summary>When the request was there, by the clock of metrics; 0 where no one wants to know.</summary>
    internal long ArrivedAt { get; set; }

    /// <summary>When its turn came; as <see cref="ArrivedAt"/>.</summary>
    internal long BegunAt { get; set; }

    internal ConnectionIdentity Connection { get; }

    /// <summary>The texts of the connection's earlier requests. Only for who decodes, as that is done one after another.</summary>
    internal TextCache Texts { get; }

    /// <summary>What this broker serves.</summary>
    internal DispatchTable Table { get; }

    internal RequestOutcome Outcome { get; set; }

    /// <summary>Set under the connection's lock; from then on the connection may send the reply.</summary>
    internal bool IsFinished { get; set; }

    internal ResponseBuffer Response => _response;

    /// <summary>The request after its header.</summary>
    internal ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Ends the connection instead of replying: the protocol's way to refuse a request that has no reply.</summary>
    public void CloseConnection() => Outcome = RequestOutcome.Close;

    /// <summary>Sends no reply, as the protocol has it for this request.</summary>
    public void OmitReply() => Outcome = RequestOutcome.NoReply;

    /// <summary>
    /// Has the client pause: its reply says so, and the connection's next request waits. Of several pauses the longest counts.
    /// </summary>
    public void Throttle(TimeSpan pause) => Pause = pause > Pause ? pause : Pause;

    /// <summary>Keeps what the reply's payloads lie in until they were sent.</summary>
    public void DisposeAfterSend(IDisposable owner) => _response.Borrow(owner);

    internal void Begin(RequestFrame frame, in RequestPrologue prologue, string clientId)
    {
        _frame = frame;
        Body = frame.Bytes[prologue.BodyStart..];
        ApiKey = (ApiKey)prologue.ApiKey;
        ApiVersion = prologue.ApiVersion;
        CorrelationId = prologue.CorrelationId;
        ClientId = clientId;
        Outcome = RequestOutcome.Pending;
        Pause = TimeSpan.Zero;
        IsExemptFromQuotas = false;
        lock (_hurryLock)
        {
            _isHurried = false;
            if (_hurry is { IsCancellationRequested: true })
            {
                _hurry.Dispose();
                _hurry = null;
            }
        }
    }

    /// <summary>The connection's next request waits for this one. Called by the connection's reader, as is <see cref="Begin"/>.</summary>
    internal void Hurry()
    {
        CancellationTokenSource? hurry;
        lock (_hurryLock)
        {
            if (_isHurried)
            {
                return;
            }

            _isHurried = true;
            hurry = _hurry;
        }

        hurry?.Cancel();
    }

    /// <summary>
    /// Tells the connection when the handler is done: at once where it is done already. A task that waits for it would be
    /// one object for each request; this is one for each context.
    /// </summary>
    internal void Serve(ValueTask serving)
    {
        var awaiter = serving.ConfigureAwait(false).GetAwaiter();
        _serving = awaiter;
        if (awaiter.IsCompleted)
        {
            _onServed();
        }
        else
        {
            awaiter.UnsafeOnCompleted(_onServed);
        }
    }

    /// <summary>Throws what the handler threw. Once per request, after <see cref="Serve"/> said so.</summary>
    internal void EndServe()
    {
        var serving = _serving;
        _serving = default;
        serving.GetResult();
    }

    /// <summary>The reply is encoded: nothing reads the request any more.</summary>
    internal void ReleaseRequest()
    {
        Body = default;
        _frame?.Dispose();
        _frame = null;
    }

    internal void Reset()
    {
        ReleaseRequest();
        _response.Reset();
        Outcome = RequestOutcome.Pending;
        IsFinished = false;
    }
}
