using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Client.Tests.Security;

/// <summary>A broker's side of TLS and SASL, as far as a connection needs it before it is used: our broker has none.</summary>
internal sealed class SecurePeer : IAsyncDisposable
{
    private const int Iterations = 4096;
    private static readonly byte[] Salt = Encoding.UTF8.GetBytes("a salt of the peer's");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly SaslOptions? _known;
    private readonly Task _serving;

    public SecurePeer(X509Certificate2? certificate, SaslOptions? known)
    {
        _certificate = certificate;
        _known = known;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ServeAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        Stream stream = client.GetStream();
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(_certificate);
            stream = tls;
        }

        var scram = "";
        while (true)
        {
            var prefix = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(prefix);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await stream.ReadExactlyAsync(frame);
            await stream.WriteAsync(Answer(frame, ref scram));
        }
    }

    private byte[] Answer(byte[] frame, ref string scram)
    {
        var api = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
        var version = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(2));
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
        var client = BinaryPrimitives.ReadInt16BigEndian(frame.AsSpan(8));
        var reader = new KafkaReader(frame.AsMemory(10 + client));
        IResponseMessage answer;
        switch (api)
        {
            case ApiKey.SaslHandshake:
                var handshake = new SaslHandshakeRequest();
                handshake.Read(ref reader, version);
                answer = Shake(handshake);
                break;
            case ApiKey.SaslAuthenticate:
                var step = new SaslAuthenticateRequest();
                step.Read(ref reader, version);
                answer = Authenticate(step.AuthBytes.ToArray(), ref scram);
                break;
            default:
                answer = new MetadataResponse { ControllerId = 7 };
                break;
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        writer.WriteInt32(correlationId);
        answer.Write(ref writer, version);
        writer.Flush();
        var bytes = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - sizeof(int));
        return bytes;
    }

    private SaslHandshakeResponse Shake(SaslHandshakeRequest request)
    {
        var offered = _known is null ? "GSSAPI" : ScramClient.NameOf(_known.Mechanism);
        return new()
        {
            ErrorCode = request.Mechanism == offered ? ErrorCode.None : ErrorCode.UnsupportedSaslMechanism,
            Mechanisms = [offered],
        };
    }

    private SaslAuthenticateResponse Authenticate(byte[] bytes, ref string scram)
    {
        var message = Encoding.UTF8.GetString(bytes);
        if (_known!.Mechanism == SaslMechanism.Plain)
        {
            return message == $"\0{_known.Username}\0{_known.Password}" ? Says("") : Refused;
        }

        if (scram.Length == 0)
        {
            // n,,n=name,r=nonce
            var bare = message["n,,".Length..];
            var first = $"r={bare[(bare.IndexOf(",r=", StringComparison.Ordinal) + 3)..]}PEER,s={Convert.ToBase64String(Salt)},i={Iterations}";
            scram = $"{bare},{first}";
            return Says(first);
        }

        var proofAt = message.IndexOf(",p=", StringComparison.Ordinal);
        var signed = $"{scram},{message[..proofAt]}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(_known.Password, Salt, Iterations, Hash, HashBytes);
        var storedKey = Digest(Hmac(salted, "Client Key"));
        var signature = Hmac(storedKey, signed);
        var proof = Convert.FromBase64String(message[(proofAt + 3)..]);
        var clientKey = proof.Zip(signature, (left, right) => (byte)(left ^ right)).ToArray();
        return Digest(clientKey).SequenceEqual(storedKey)
            ? Says($"v={Convert.ToBase64String(Hmac(Hmac(salted, "Server Key"), signed))}")
            : Refused;
    }

    private static SaslAuthenticateResponse Refused => new()
    {
        ErrorCode = ErrorCode.SaslAuthenticationFailed, ErrorMessage = "Authentication failed", AuthBytes = Array.Empty<byte>(),
    };

    private static SaslAuthenticateResponse Says(string text) => new() { AuthBytes = Encoding.UTF8.GetBytes(text) };

    private HashAlgorithmName Hash =>
        _known!.Mechanism == SaslMechanism.ScramSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;

    private int HashBytes => _known!.Mechanism == SaslMechanism.ScramSha256 ? 32 : 64;

    private byte[] Digest(byte[] bytes) => Hash == HashAlgorithmName.SHA256 ? SHA256.HashData(bytes) : SHA512.HashData(bytes);

    private byte[] Hmac(byte[] key, string text) => Hash == HashAlgorithmName.SHA256
        ? HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))
        : HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(text));
}
