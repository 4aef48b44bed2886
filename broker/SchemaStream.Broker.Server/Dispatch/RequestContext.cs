using System.Net;
using SchemaStream.Broker.Server.Connections;
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
    private RequestFrame? _frame;

    internal RequestContext(ConnectionIdentity connection, DispatchTable table, CancellationToken cancellation)
    {
        Connection = connection;
        Table = table;
        Cancellation = cancellation;
    }

    public ApiKey ApiKey { get; private set; }

    public short ApiVersion { get; private set; }

    public int CorrelationId { get; private set; }

    /// <summary>What the client calls itself; empty when it does not.</summary>
    public string ClientId { get; private set; } = "";

    public string ListenerName => Connection.ListenerName;

    public IPAddress ClientAddress => Connection.Address;

    /// <summary>Ends waits for the client's sake: it is gone, or the server stops.</summary>
    public CancellationToken Cancellation { get; }

    internal ConnectionIdentity Connection { get; }

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
