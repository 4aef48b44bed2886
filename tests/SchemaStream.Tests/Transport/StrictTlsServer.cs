using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SchemaStream.TestKit;

namespace SchemaStream.Tests.Transport;

/// <summary>
/// Takes no one in who has no certificate of an authority, and says so as brokers do: with an alert, which the framework's
/// own server does not send. It is Debian's Python.
/// </summary>
internal sealed class StrictTlsServer : IAsyncDisposable
{
    private const string Script = """
        import os, socket, ssl, sys, threading
        certificate, key, authority, version = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_REQUIRED
        context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        def serve(plain):
            tls = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
            try:
                tls.do_handshake()
            except OSError:
                pass
            plain = socket.socket(fileno=tls.detach())
            try:
                plain.shutdown(socket.SHUT_WR)
                while plain.recv(4096):
                    pass
            except OSError:
                pass
            plain.close()
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """;

    private readonly Process _process;

    private StrictTlsServer(Process process, string port) => (_process, BootstrapServers) = (process, $"localhost:{port}");

    public string BootstrapServers { get; }

    /// <param name="directory">Where its files may lie.</param>
    /// <param name="certificate">Its own, with the key.</param>
    /// <param name="authority">Whose clients it takes in, as PEM.</param>
    /// <param name="version">Python's name for the version of TLS.</param>
    public static async Task<StrictTlsServer> StartAsync(string directory, X509Certificate2 certificate, string authority, string version)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "-c", Script, Write("server.pem", certificate.ExportCertificatePem()), Write("server.key", key.ExportPkcs8PrivateKeyPem()),
            Write("clients.pem", authority), version,
        })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync().WaitAsync(TestTime.Limit);
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _).ShouldBeTrue();
        return new StrictTlsServer(process, port!);

        string Write(string name, string text)
        {
            var path = Path.Combine(directory, name);
            File.WriteAllText(path, text);
            return path;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // which ends it
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
        _process.Dispose();
    }
}
