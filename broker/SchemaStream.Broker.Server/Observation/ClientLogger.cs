using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Server.Observation;

/// <summary>Where lines about a client's doings go: of each kind, an address may cause only so many.</summary>
internal sealed class ClientLogger(ILogger logger, LogBudget<(IPAddress Address, int EventId)> budget, IPAddress address) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!budget.MayWrite((address, eventId.Id), out var suppressed))
        {
            return;
        }

        if (suppressed > 0)
        {
            logger.WarningsSuppressed(suppressed, eventId.Id, address);
        }

        logger.Log(logLevel, eventId, state, exception, formatter);
    }
}
