namespace SchemaStream.Registry.Client;

/// <summary>How to reach a registry.</summary>
public sealed class RegistryClientOptions
{
    /// <summary>The registry's address, such as <c>http://127.0.0.1:8081</c>; a path such as <c>/contexts/.dev</c> is kept.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// Other instances of the same registry, asked in this order when the one that answered last cannot be reached or says
    /// that it is out of service. All of them must hold the same schemas.
    /// </summary>
    public IReadOnlyList<Uri> Alternatives { get; init; } = [];

    /// <summary>How long one request to one instance may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting to one instance may take, before the next one is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often all instances are asked again, after a pause, when none could be reached or all were out of service for the
    /// moment, as while they elect a leader.
    /// </summary>
    public int Retries { get; init; } = 2;

    /// <summary>The pause before the first of the <see cref="Retries"/>; each next one is four times as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many schemas are remembered by id, and as many by subject and text.</summary>
    public int CacheCapacity { get; init; } = 10_000;

    /// <summary>User name and password as <c>user:password</c>, sent as basic authentication; null sends none.</summary>
    public string? BasicCredentials { get; init; }

    /// <summary>A token sent as bearer authentication; null sends none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>
    /// Gives the bearer token of each request, in the place of <see cref="BearerToken"/>: for tokens that expire, as OAuth's do.
    /// It is asked for every request, so it keeps a token for as long as that is good. What it throws means that the registry
    /// cannot be asked, and is the cause of a <see cref="RegistryUnreachableException"/>.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? BearerTokenProvider { get; init; }

    /// <summary>TLS: whom to trust and how to identify this program; null trusts what the system trusts.</summary>
    public RegistryTlsOptions? Tls { get; init; }

    /// <summary>By whose clock pauses are made.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
