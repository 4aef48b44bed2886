using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.TestKit;

/// <summary>What a front asks of those who connect.</summary>
public sealed record SecureFrontOptions
{
    /// <summary>The broker's certificate with its key; null leaves connections plain.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who has to have issued a client's certificate; null asks for none.</summary>
    public X509Certificate2? ClientAuthority { get; init; }

    /// <summary>The versions of TLS; those of the system where none is named.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>The SASL mechanisms that are offered; none leaves connections without.</summary>
    public IReadOnlyCollection<string> Mechanisms { get; init; } = [];

    public string User { get; init; } = "ann";

    public string Password { get; init; } = "s3cr=t, und so";
}

/// <summary>
/// What our broker has not: a listener with TLS and SASL, which passes on what those who may come in say. The broker behind
/// it names this one's address to clients (advertised.listeners), so that they come this way again.
/// </summary>
public sealed class SecureFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _clients = [];
    private readonly List<Task> _serving = [];
    private readonly List<string> _admitted = [];
    private readonly Task _accepting;
    private SecureFrontOptions _options;
    private int _refused;
    private bool _isDisposed;

    private SecureFront(SecureFrontOptions options)
    {
        _options = options;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The broker behind it.</summary>
    public TestBroker Broker { get; private set; } = null!;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string BootstrapServers => $"localhost:{Port}";

    /// <summary>How many connections came to nothing.</summary>
    public int RefusedCount => Volatile.Read(ref _refused);

    /// <summary>As whom each connection came in: the user, or the certificate's subject, or nobody.</summary>
    public IReadOnlyList<string> Admitted
    {
        get
        {
            lock (_lock)
            {
                return [.. _admitted];
            }
        }
    }

    /// <summary>A front with a broker of its own.</summary>
    public static async Task<SecureFront> StartAsync(SecureFrontOptions options, params (string Key, string Value)[] settings)
    {
        var front = new SecureFront(options);
        try
        {
            front.Broker = await TestBroker.StartAsync(
            [
                .. settings,
                ("listeners", $"PLAINTEXT://127.0.0.1:{FreePorts.TakeOne()}"),
                ("advertised.listeners", $"PLAINTEXT://{front.BootstrapServers}"),
            ]);
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connections that come from now on are asked something else; those that there are, end.</summary>
    public void Change(SecureFrontOptions options)
    {
        Volatile.Write(ref _options, options);
        CutAll();
    }

    /// <summary>Ends all connections that there are.</summary>
    public void CutAll()
    {
        List<TcpClient> clients;
        lock (_lock)
        {
            clients = [.. _clients];
            _clients.Clear();
        }

        clients.ForEach(static client => client.Dispose());
    }

    public async ValueTask DisposeAsync()
    {
        Task[] serving;
        lock (_lock)
        {
            _isDisposed = true;
            serving = [.. _serving];
        }

        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CutAll();
        await Task.WhenAll(serving);
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            client.NoDelay = true;
            lock (_lock)
            {
                if (_isDisposed)
                {
                    client.Dispose();
                    return;
                }

                _clients.Add(client);
                _serving.RemoveAll(static task => task.IsCompleted);
                _serving.Add(Task.Run(() => ServeAsync(client)));
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var isAdmitted = false;
        try
        {
            var options = Volatile.Read(ref _options);
            using var broker = new TcpClient { NoDelay = true };
            var (secured, name) = await SecureAsync(client.GetStream(), options);
            await using var stream = secured;
            await broker.ConnectAsync(IPAddress.Loopback, Broker.Port);
            var behind = broker.GetStream();
            if (options.Mechanisms.Count > 0)
            {
                var gate = new SaslGate(stream, behind, new SaslServer(options.Mechanisms, options.User, options.Password));
                if (!await gate.PassAsync())
                {
                    return;
                }

                name = options.User;
            }

            isAdmitted = true;
            lock (_lock)
            {
                _admitted.Add(name);
            }

            // Whoever ends first ends both.
            await Task.WhenAny(stream.CopyToAsync(behind), behind.CopyToAsync(stream));
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // A client that is refused, gives up, or is cut off.
        }
        finally
        {
            if (!isAdmitted)
            {
                Interlocked.Increment(ref _refused);
            }

            client.Dispose();
        }
    }

    private static async Task<(Stream Stream, string Name)> SecureAsync(Stream plain, SecureFrontOptions options)
    {
        if (options.Certificate is null)
        {
            return (plain, "");
        }

        var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = options.Certificate,
                ClientCertificateRequired = options.ClientAuthority is not null,
                EnabledSslProtocols = options.Protocols,

                // A session that goes on knows the client's certificate, but not the chain that was sent with it.
                AllowTlsResume = false,
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                    options.ClientAuthority is null || IsOf(options.ClientAuthority, certificate, chain),
            });
            return (tls, tls.RemoteCertificate?.Subject ?? "");
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>What lies between is taken from what the client has sent.</summary>
    private static bool IsOf(X509Certificate2 authority, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        foreach (var between in sent?.ChainPolicy.ExtraStore ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(between);
        }

        using var read = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(read);
    }
}
