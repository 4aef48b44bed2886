using System.Collections.Frozen;
using SchemaStream.Broker.Server.Quotas;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>The handlers by API key: what this broker can do.</summary>
public sealed class DispatchTable
{
    private readonly FrozenDictionary<short, ApiHandler> _handlers;

    /// <param name="quotas">What clients are held to; null where there are none.</param>
    public DispatchTable(IEnumerable<ApiHandler> handlers, ClientQuotas? quotas = null)
    {
        Quotas = quotas;
        _handlers = handlers.ToFrozenDictionary(handler => (short)handler.ApiKey);
        Handlers = [.. _handlers.Values.OrderBy(handler => handler.ApiKey)];
    }

    internal ClientQuotas? Quotas { get; }

    /// <summary>By ascending API key.</summary>
    public IReadOnlyList<ApiHandler> Handlers { get; }

    public ApiHandler? Find(short apiKey) => _handlers.GetValueOrDefault(apiKey);
}
