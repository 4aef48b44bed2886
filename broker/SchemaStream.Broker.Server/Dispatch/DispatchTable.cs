using System.Collections.Frozen;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>The handlers by API key: what this broker can do.</summary>
public sealed class DispatchTable
{
    private readonly FrozenDictionary<short, ApiHandler> _handlers;

    public DispatchTable(IEnumerable<ApiHandler> handlers)
    {
        _handlers = handlers.ToFrozenDictionary(handler => (short)handler.ApiKey);
        Handlers = [.. _handlers.Values.OrderBy(handler => handler.ApiKey)];
    }

    /// <summary>By ascending API key.</summary>
    public IReadOnlyList<ApiHandler> Handlers { get; }

    public ApiHandler? Find(short apiKey) => _handlers.GetValueOrDefault(apiKey);
}
