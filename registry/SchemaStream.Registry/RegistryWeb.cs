using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Endpoints;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Observation;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry;

/// <summary>The HTTP side of a registry: listeners, what every request passes, and the routes.</summary>
internal static class RegistryWeb
{
    /// <summary>Where it listens.</summary>
    public static IReadOnlyList<RegistryListener> ListenersOf(RegistryOptions options) => options.Listeners.Count > 0
        ? options.Listeners
        : [new RegistryListener(ListenerScheme.Http, options.Host, options.Port)];

    public static async Task<WebApplication> BuildAsync(
        RegistryOptions options,
        ILoggerFactory loggers,
        RegistryWriter writer,
        TopicTypes topics,
        ClusterRole role,
        RegistryMetrics? metrics,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var addresses = new List<(RegistryListener Listener, IPAddress Address)>();
        foreach (var listener in ListenersOf(options))
        {
            addresses.Add((listener, await ResolveAsync(listener.Host, cancellationToken).ConfigureAwait(false)));
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new ServerLogs(loggers));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        if (options.Tls is null)
        {
            builder.WebHost.UseKestrelCore();
        }
        else
        {
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Larger bodies are read to their end and refused politely; those far larger lose their connection.
            kestrel.Limits.MaxRequestBodySize = options.LargestRequestBytes * 8;
            kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
            foreach (var (listener, address) in addresses)
            {
                kestrel.Listen(address, listener.Port, listen => Secure(listen, listener, options.Tls));
            }
        });

        // The host that brings broker and registry together owns the process's signals.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        var web = builder.Build();
        Pass(web, options, writer, role, metrics, logger);
        Map(web, writer, topics, options, metrics);
        return web;
    }

    /// <summary>Where clients of this machine reach the first listener.</summary>
    public static Uri AddressOf(WebApplication web, RegistryOptions options)
    {
        var scheme = ListenersOf(options)[0].Scheme == ListenerScheme.Https ? "https://" : "http://";
        var listening = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var uri = new UriBuilder(listening.First(address => address.StartsWith(scheme, StringComparison.Ordinal)));
        if (uri.Host is "0.0.0.0" or "[::]")
        {
            uri.Host = "127.0.0.1";
        }

        return uri.Uri;
    }

    /// <summary>What a request passes, from the outside in. What is off is not there.</summary>
    private static void Pass(
        WebApplication web,
        RegistryOptions options,
        RegistryWriter writer,
        ClusterRole role,
        RegistryMetrics? metrics,
        ILogger logger)
    {
        if (!options.Security.IsOn)
        {
            var frequent = new FrequentReads(writer, role, metrics);
            web.Use(next => context => frequent.RunAsync(context, next));
        }

        if (metrics is not null)
        {
            web.Use(next => context => metrics.RunAsync(context, next));
        }

        var pipeline = new RequestPipeline(writer, logger, options.LargestRequestBytes, role);
        web.Use(next => context => pipeline.RunAsync(context, next));
        if (options.Security.IsOn)
        {
            var guard = new RequestGuard(options.Security, writer, logger);
            web.Use(next => context => guard.RunAsync(context, next));
        }

        web.UseRouting();
    }

    private static void Map(
        IEndpointRouteBuilder routes,
        RegistryWriter writer,
        TopicTypes topics,
        RegistryOptions options,
        RegistryMetrics? metrics)
    {
        new ServerEndpoints(writer, options, topics.Directory).Map(routes);
        new SchemaEndpoints(writer).Map(routes);
        new SubjectEndpoints(writer).Map(routes);
        new VersionEndpoints(writer, topics).Map(routes);
        new DataContractEndpoints(writer).Map(routes);
        new CompatibilityEndpoints(writer).Map(routes);
        new ConfigEndpoints(writer).Map(routes);
        new ModeEndpoints(writer).Map(routes);
        new AssociationEndpoints(writer, topics).Map(routes);
        new ContractEndpoints(writer, topics).Map(routes);
        new ObservationEndpoints(writer, metrics).Map(routes);
        new OpenApiEndpoints().Map(routes);
    }

    private static void Secure(ListenOptions listen, RegistryListener listener, ServerTls? tls)
    {
        if (listener.Scheme == ListenerScheme.Http)
        {
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        if (tls is null)
        {
            throw new InvalidOperationException($"The listener https://{listener.Host}:{listener.Port} has no certificate.");
        }

        listen.UseHttps(https =>
        {
            https.ServerCertificate = tls.Certificate;
            https.ServerCertificateChain = tls.Chain;
            https.ClientCertificateMode = tls.ClientCertificates switch
            {
                ClientCertificates.Requested => ClientCertificateMode.AllowCertificate,
                ClientCertificates.Required => ClientCertificateMode.RequireCertificate,
                _ => ClientCertificateMode.NoCertificate,
            };
            if (tls.ClientAuthorities is { } authorities)
            {
                https.ClientCertificateValidation = (certificate, _, errors) =>
                    (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && IsSignedBy(authorities, certificate);
            }
        });
    }

    private static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        return chain.Build(certificate);
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        var found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault(candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }

    /// <summary>Waits for nothing and reacts to no signal: whoever started the registry stops it.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
