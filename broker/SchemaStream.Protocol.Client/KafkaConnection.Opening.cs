using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Protocol.Client;

/// <summary>How a connection comes to be: connected, encrypted, authenticated.</summary>
public sealed partial class KafkaConnection
{
    /// <exception cref="SocketException">The broker is not there.</exception>
    /// <exception cref="KafkaAuthenticationException">One of the two does not take the other; it says who and why.</exception>
    /// <exception cref="TimeoutException">It did not accept in <see cref="KafkaConnectionOptions.ConnectTimeout"/>.</exception>
    public static async Task<KafkaConnection> ConnectAsync(
        string host, int port, KafkaConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new KafkaConnectionOptions();
        var socket = NewSocket(options);
        var verdict = new CertificateVerdict();
        var address = $"{host}:{port}";
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var encryption = options.Tls?.For(host, verdict);
            var tls = options.HasThread
                ? await Task.Factory.StartNew(
                    () => Open(socket, host, port, encryption), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .WaitAsync(either.Token).ConfigureAwait(false)
                : await OpenAsync(socket, host, port, encryption, either.Token).ConfigureAwait(false);
            return await AuthenticateAsync(new KafkaConnection(address, socket, tls, options), either.Token).ConfigureAwait(false);
        }
        catch (AuthenticationException untrusted)
        {
            socket.Dispose();
            throw verdict.Explain(address, untrusted);
        }
        catch (KafkaAuthenticationException refused) when (!refused.Message.StartsWith(address, StringComparison.Ordinal))
        {
            socket.Dispose();
            throw new KafkaAuthenticationException($"{address}: {refused.Message}", refused.Kind, refused);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"{address} did not accept a connection within {options.ConnectTimeout}", late);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket NewSocket(KafkaConnectionOptions options)
    {
        var socket = options.AddressFamily == AddressFamily.Unspecified
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(options.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = options.SendsAtOnce;
        if (options.KeepsAlive)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }

        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }

        if (options.ReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        }

        return socket;
    }

    private static async Task<SslStream?> OpenAsync(
        Socket socket, string host, int port, SslClientAuthenticationOptions? encryption, CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        if (encryption is null)
        {
            return null;
        }

        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            await tls.AuthenticateAsClientAsync(encryption, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>As the other, blocking: a socket that was ever used otherwise does not block any more, but waits for the pool.</summary>
    private static SslStream? Open(Socket socket, string host, int port, SslClientAuthenticationOptions? encryption)
    {
        socket.Connect(host, port);
        if (encryption is null)
        {
            return null;
        }

        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        try
        {
            tls.AuthenticateAsClient(encryption);
            return tls;
        }
        catch
        {
            tls.Dispose();
            throw;
        }
    }

    private static async Task<KafkaConnection> AuthenticateAsync(KafkaConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (connection._options.Sasl is { } sasl)
            {
                await SaslExchange.RunAsync(connection, sasl, cancellationToken).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
