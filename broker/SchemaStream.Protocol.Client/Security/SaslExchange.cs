using System.Security.Cryptography;
using System.Text;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Client.Security;

/// <summary>Authenticates a connection before it is used for anything else.</summary>
internal static class SaslExchange
{
    private const short HandshakeVersion = 1;
    private const short AuthenticateVersion = 1;
    private const int NonceBytes = 24;

    public static async Task RunAsync(KafkaConnection connection, SaslOptions sasl, CancellationToken cancellationToken)
    {
        var name = ScramClient.NameOf(sasl.Mechanism);
        var handshake = await connection
            .SendAsync(new SaslHandshakeRequest { Mechanism = name }, HandshakeVersion, cancellationToken).ConfigureAwait(false);
        if (handshake.ErrorCode != ErrorCode.None)
        {
            throw new KafkaAuthenticationException(
                $"The broker does not offer {name} ({handshake.ErrorCode}); it offers {string.Join(", ", handshake.Mechanisms)}.", RefusalKind.Mechanism);
        }

        if (sasl.Mechanism == SaslMechanism.Plain)
        {
            await StepAsync(connection, sasl, Encoding.UTF8.GetBytes($"\0{sasl.Username}\0{sasl.Password}"), cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        var scram = new ScramClient(sasl, Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes)));
        var first = await StepAsync(connection, sasl, scram.First, cancellationToken).ConfigureAwait(false);
        var final = await StepAsync(connection, sasl, scram.Prove(first.Span), cancellationToken).ConfigureAwait(false);
        scram.Verify(final.Span);
    }

    private static async Task<ReadOnlyMemory<byte>> StepAsync(
        KafkaConnection connection, SaslOptions sasl, byte[] bytes, CancellationToken cancellationToken)
    {
        var answer = await connection
            .SendAsync(new SaslAuthenticateRequest { AuthBytes = bytes }, AuthenticateVersion, cancellationToken)
            .ConfigureAwait(false);
        return answer.ErrorCode == ErrorCode.None
            ? answer.AuthBytes
            : throw new KafkaAuthenticationException(
                $"The broker refused {sasl}: {answer.ErrorCode} {answer.ErrorMessage}", RefusalKind.Credentials);
    }
}
