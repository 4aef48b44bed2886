using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SchemaStream.Registry.Http;

/// <summary>
/// The web server's logs without the one of every request: where that is on at any level, the server begins an activity
/// for each request, with ids and scopes, and ends it unseen. Requests are told by metrics and, refused, by the registry's
/// own log.
/// </summary>
internal sealed class ServerLogs(ILoggerFactory logs) : ILoggerFactory
{
    private const string EveryRequest = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public ILogger CreateLogger(string categoryName) =>
        categoryName == EveryRequest ? NullLogger.Instance : logs.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => logs.AddProvider(provider);

    /// <summary>The logs are the caller's, who goes on with them.</summary>
    public void Dispose()
    {
    }
}
