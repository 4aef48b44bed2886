using System.Text;
using System.Text.Encodings.Web;

namespace SchemaStream.Broker.Observation;

/// <summary>Where a node is in its life.</summary>
internal enum NodeState
{
    Starting,
    Serving,
    Draining,
    Faulted,
}

/// <summary>
/// Whether the process lives, and whether requests succeed: for those who restart it, and for those who send clients to it.
/// </summary>
internal sealed class NodeHealth
{
    private volatile NodeState _state;
    private volatile Func<string?> _whyNotServing = static () => null;

    public NodeState State => _state;

    /// <summary>From now on requests succeed, while the node itself sees nothing against it.</summary>
    /// <param name="whyNotServing">What it sees; null for nothing.</param>
    public void Serves(Func<string?> whyNotServing)
    {
        _whyNotServing = whyNotServing;
        _state = NodeState.Serving;
    }

    public void Drains() => _state = _state == NodeState.Faulted ? NodeState.Faulted : NodeState.Draining;

    public void Faults() => _state = NodeState.Faulted;

    /// <summary>Alive is what need not be restarted: only a fault is not.</summary>
    public HttpPage Live() => Page(_state == NodeState.Faulted ? "the node cannot go on; its log says why" : null, "live");

    public HttpPage Ready() => Page(
        _state switch
        {
            NodeState.Starting => "the node is starting",
            NodeState.Draining => "the node is stopping",
            NodeState.Faulted => "the node cannot go on; its log says why",
            _ => _whyNotServing(),
        },
        "ready");

    private static HttpPage Page(string? whyNot, string good) => whyNot is null
        ? new HttpPage(200, HttpPage.Json, Encoding.UTF8.GetBytes($$"""{"status":"{{good}}"}""" + "\n"))
        : new HttpPage(503, HttpPage.Json, Encoding.UTF8.GetBytes(
            $$"""{"status":"not {{good}}","reason":"{{JavaScriptEncoder.Default.Encode(whyNot)}}"}""" + "\n"));
}
