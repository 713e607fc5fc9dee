//! RFC 3161 timestamp responses, part by part.

use crate::authority::Authority;
use crate::der;
use crate::hook::Hook;
use crate::keys::{Hash, KeyPair, Scheme};

/// id-ct-TSTInfo.
pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// signedData.
pub const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// Which certificates a token carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Embed {
    /// None; the field is left out.
    Nothing,
    /// The signer's.
    Leaf,
    /// The signer's and all above it, the anchor included, in DER's order.
    Chain,
    /// These, as they are.
    Raw(Vec<Vec<u8>>),
}

/// How a SignerInfo names its certificate.
#[derive(Clone, Debug, PartialEq)]
pub enum SignerId {
    /// Issuer and serial number.
    IssuerAndSerial,
    /// Subject key identifier.
    KeyId,
    /// A ready TLV.
    Raw(Vec<u8>),
}

/// Which signing-certificate attribute the token carries.
#[derive(Clone, Debug, PartialEq)]
pub enum SigningCertificate {
    /// signingCertificateV2 with this hash and the issuer and serial number.
    V2(Hash),
    /// signingCertificate (SHA-1).
    V1,
    /// None.
    Missing,
}

/// A timestamp to be made.
#[derive(Clone, Debug)]
pub struct TimestampSpec {
    /// The authority: an index into the world's.
    pub tsa: usize,
    /// Unix seconds.
    pub gen_time: i64,
    /// Put after the seconds, for instance `.250`.
    pub fraction: String,
    /// Other bytes to be stamped than the signature.
    pub message: Option<Vec<u8>>,
    /// The hash in the message imprint.
    pub imprint_hash: Hash,
    /// SignerInfo's digestAlgorithm, also used for the messageDigest attribute.
    pub digest_hash: Option<Hash>,
    /// The signer's scheme; `None` is the key's own.
    pub scheme: Option<Scheme>,
    /// Another signer than the authority's certificate says.
    pub signer: Option<KeyPair>,
    /// PKIStatus; 0 is granted.
    pub status: u64,
    /// Whether the response holds a token.
    pub token: bool,
    /// nonce.
    pub nonce: Option<u64>,
    /// Which certificates the token carries.
    pub embed: Embed,
    /// How it names its signer.
    pub signer_id: SignerId,
    /// Which signing-certificate attribute it carries.
    pub signing_certificate: SigningCertificate,
    /// encapContentInfo's eContentType.
    pub content_type: String,
    /// How often the SignerInfo is repeated.
    pub signer_infos: usize,
    /// Edits TSTInfo.
    pub alter_tst: Hook<TstInfo>,
    /// Whether there are signed attributes; without them TSTInfo itself is signed.
    pub signed_attributes: bool,
    /// Whether the signed attributes are in DER's order.
    pub sorted_attributes: bool,
    /// Edits the signed attributes, each a ready TLV, before they are sorted and signed.
    pub alter_attributes: Hook<Vec<Vec<u8>>>,
    /// Edits the SignerInfo after it is signed.
    pub alter_signer_info: Hook<SignerInfo>,
    /// Edits the SignedData after it is signed.
    pub alter_signed_data: Hook<SignedData>,
    /// Edits the finished response.
    pub alter_der: Hook<Vec<u8>>,
}

/// TSTInfo in parts; each is a ready TLV.
#[derive(Clone, Debug)]
pub struct TstInfo {
    /// version.
    pub version: Vec<u8>,
    /// policy.
    pub policy: Vec<u8>,
    /// messageImprint.
    pub message_imprint: Vec<u8>,
    /// serialNumber.
    pub serial: Vec<u8>,
    /// genTime.
    pub gen_time: Vec<u8>,
    /// accuracy, ordering, nonce, tsa, extensions: those that are present, in order.
    pub rest: Vec<Vec<u8>>,
}

/// SignerInfo in parts; each is a ready TLV.
#[derive(Clone, Debug)]
pub struct SignerInfo {
    /// version.
    pub version: Vec<u8>,
    /// sid.
    pub sid: Vec<u8>,
    /// digestAlgorithm.
    pub digest_algorithm: Vec<u8>,
    /// signedAttrs with its `[0]` tag; empty leaves it out.
    pub signed_attributes: Vec<u8>,
    /// signatureAlgorithm.
    pub signature_algorithm: Vec<u8>,
    /// signature.
    pub signature: Vec<u8>,
    /// unsignedAttrs with its `[1]` tag; empty leaves it out.
    pub unsigned_attributes: Vec<u8>,
}

impl SignerInfo {
    /// The SignerInfo.
    pub fn to_der(&self) -> Vec<u8> {
        der::seq(&[
            &self.version,
            &self.sid,
            &self.digest_algorithm,
            &self.signed_attributes,
            &self.signature_algorithm,
            &self.signature,
            &self.unsigned_attributes,
        ])
    }
}

/// SignedData in parts; each is a ready TLV.
#[derive(Clone, Debug)]
pub struct SignedData {
    /// contentType of the outer ContentInfo.
    pub content_type: Vec<u8>,
    /// version.
    pub version: Vec<u8>,
    /// digestAlgorithms.
    pub digest_algorithms: Vec<u8>,
    /// encapContentInfo.
    pub encap_content_info: Vec<u8>,
    /// certificates with its `[0]` tag; empty leaves it out.
    pub certificates: Vec<u8>,
    /// The SignerInfos.
    pub signer_infos: Vec<Vec<u8>>,
}

impl SignedData {
    /// The ContentInfo.
    pub fn to_der(&self) -> Vec<u8> {
        let data = der::seq(&[
            self.version.clone(),
            self.digest_algorithms.clone(),
            self.encap_content_info.clone(),
            self.certificates.clone(),
            der::set_of(&self.signer_infos),
        ]);
        der::seq(&[self.content_type.clone(), der::context(0, &data)])
    }
}

/// An attribute with one value.
pub fn attribute(oid: &str, value: &[u8]) -> Vec<u8> {
    der::seq(&[der::oid(oid), der::set(&[value])])
}

impl TimestampSpec {
    /// A token of this authority at this time, as Sigstore's TSA makes them, with the signer's certificate inside.
    pub fn new(tsa: usize, gen_time: i64) -> Self {
        Self {
            tsa,
            gen_time,
            fraction: String::new(),
            message: None,
            imprint_hash: Hash::Sha256,
            digest_hash: None,
            scheme: None,
            signer: None,
            status: 0,
            token: true,
            nonce: Some(0x1234_5678_9abc_def0),
            embed: Embed::Leaf,
            signer_id: SignerId::IssuerAndSerial,
            signing_certificate: SigningCertificate::V2(Hash::Sha256),
            content_type: TST_INFO.to_owned(),
            signer_infos: 1,
            signed_attributes: true,
            sorted_attributes: true,
            alter_tst: Hook::default(),
            alter_attributes: Hook::default(),
            alter_signer_info: Hook::default(),
            alter_signed_data: Hook::default(),
            alter_der: Hook::default(),
        }
    }

    /// The TimeStampResp over `message` (or the one set here).
    pub fn mint(&self, authority: &Authority, message: &[u8]) -> Vec<u8> {
        let status = der::seq(&[der::int(self.status)]);
        let mut out = if self.token {
            der::seq(&[status, self.signed_data(authority, message).to_der()])
        } else {
            der::seq(&[status])
        };
        self.alter_der.apply(&mut out);
        out
    }

    fn tst_info(&self, message: &[u8]) -> Vec<u8> {
        let digest = self.imprint_hash.digest(self.message.as_deref().unwrap_or(message));
        let serial = Hash::Sha256.digest(&[&digest[..], &self.gen_time.to_be_bytes()].concat());
        let mut tst = TstInfo {
            version: der::int(1),
            policy: der::oid("1.3.6.1.4.1.57264.2"),
            message_imprint: der::seq(&[self.imprint_hash.algorithm_with_null(), der::octets(&digest)]),
            serial: der::uint(&serial[..20]),
            gen_time: der::generalized_time(self.gen_time, &self.fraction),
            rest: vec![der::seq(&[der::int(1)])],
        };
        tst.rest.extend(self.nonce.map(der::int));
        self.alter_tst.apply(&mut tst);
        let head = [tst.version, tst.policy, tst.message_imprint, tst.serial, tst.gen_time];
        der::seq(&[head.to_vec(), tst.rest].concat())
    }

    fn signed_data(&self, authority: &Authority, message: &[u8]) -> SignedData {
        let tst = self.tst_info(message);
        let certificates = authority.certificates();
        let leaf = certificates.last().cloned().unwrap_or_default();
        let key = self.signer.as_ref().unwrap_or(&authority.issuer().key);
        let scheme = self.scheme.unwrap_or_else(|| key.scheme(false));
        let digest_hash = self.digest_hash.unwrap_or_else(|| scheme.hash());
        let issuer_and_serial = issuer_and_serial(&leaf);

        let mut attributes = vec![
            attribute("1.2.840.113549.1.9.3", &der::oid(&self.content_type)),
            attribute("1.2.840.113549.1.9.4", &der::octets(&digest_hash.digest(&tst))),
            attribute("1.2.840.113549.1.9.5", &der::time(self.gen_time)),
        ];
        attributes.extend(self.signing_certificate_attribute(&leaf));
        self.alter_attributes.apply(&mut attributes);
        let sorted = if self.sorted_attributes { der::sorted(&attributes) } else { attributes };
        let attributes = if self.signed_attributes { der::context(0, &der::concat(&sorted)) } else { Vec::new() };
        let signature =
            if self.signed_attributes { key.sign(scheme, &der::set(&sorted)) } else { key.sign(scheme, &tst) };

        let (version, sid) = match &self.signer_id {
            SignerId::IssuerAndSerial => (1, issuer_and_serial),
            SignerId::KeyId => {
                let id = authority.issuer().subject_key_id.clone().unwrap_or_default();
                (3, der::context_primitive(0, &id))
            }
            SignerId::Raw(tlv) => (1, tlv.clone()),
        };
        let mut info = SignerInfo {
            version: der::int(version),
            sid,
            digest_algorithm: digest_hash.algorithm(),
            signed_attributes: attributes,
            signature_algorithm: scheme.algorithm(),
            signature: der::octets(&signature),
            unsigned_attributes: Vec::new(),
        };
        self.alter_signer_info.apply(&mut info);

        let embedded = match &self.embed {
            Embed::Nothing => Vec::new(),
            Embed::Leaf => vec![leaf],
            Embed::Chain => der::sorted(&certificates),
            Embed::Raw(all) => all.clone(),
        };
        let mut data = SignedData {
            content_type: der::oid(SIGNED_DATA),
            version: der::int(3),
            digest_algorithms: der::set(&[digest_hash.algorithm()]),
            encap_content_info: der::seq(&[der::oid(&self.content_type), der::context(0, &der::octets(&tst))]),
            certificates: if embedded.is_empty() { Vec::new() } else { der::context(0, &der::concat(&embedded)) },
            signer_infos: vec![info.to_der(); self.signer_infos],
        };
        self.alter_signed_data.apply(&mut data);
        data
    }

    fn signing_certificate_attribute(&self, leaf: &[u8]) -> Option<Vec<u8>> {
        let parts = der::children(&issuer_and_serial(leaf));
        let issuer_serial = der::seq(&[der::seq(&[der::context(4, &parts[0])]), parts[1].clone()]);
        match self.signing_certificate {
            SigningCertificate::Missing => None,
            SigningCertificate::V1 => {
                let id = der::seq(&[der::octets(&Hash::Sha1.digest(leaf)), issuer_serial]);
                Some(attribute("1.2.840.113549.1.9.16.2.12", &der::seq(&[der::seq(&[id])])))
            }
            SigningCertificate::V2(hash) => {
                let mut items = Vec::new();
                if hash != Hash::Sha256 {
                    items.push(hash.algorithm());
                }
                items.push(der::octets(&hash.digest(leaf)));
                items.push(issuer_serial);
                Some(attribute("1.2.840.113549.1.9.16.2.47", &der::seq(&[der::seq(&[der::seq(&items)])])))
            }
        }
    }
}

/// IssuerAndSerialNumber of a v3 certificate.
pub fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let tbs = der::children(&der::children(certificate)[0]);
    der::seq(&[tbs[3].clone(), tbs[1].clone()])
}
